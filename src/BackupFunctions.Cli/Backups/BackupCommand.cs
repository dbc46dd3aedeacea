using System.CommandLine;

namespace BackupFunctions.Cli.Backups;

internal static class BackupCommand
{
    public static Command Create() => new("backup", "Take, list, hold and verify backups.")
    {
        BackupRunCommand.Create(),
        BackupListCommand.Create(),
        BackupKeepCommand.Create(),
        BackupVerifyCommand.Create(),
    };
}
