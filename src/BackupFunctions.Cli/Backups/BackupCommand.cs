using System.CommandLine;

namespace BackupFunctions.Cli.Backups;

internal static class BackupCommand
{
    public static Command Create() => new("backup", "Take, schedule, list, hold and verify backups.")
    {
        BackupRunCommand.Create(),
        BackupStartCommand.Create(),
        BackupScheduledCommand.Create(),
        BackupCancelCommand.Create(),
        BackupListCommand.Create(),
        BackupKeepCommand.Create(),
        BackupVerifyCommand.Create(),
    };
}
