using System.CommandLine;

namespace BackupFunctions.Cli.Backups;

internal static class BackupCommand
{
    public static Command Create() => new("backup", "Take and list backups.") { BackupRunCommand.Create(), BackupListCommand.Create() };
}
