using System.CommandLine;

namespace BackupFunctions.Cli.Setup;

internal static class SetupCommand
{
    public static Command Create() => new("setup", "What a server has to be given before it can be backed up.") { SetupSqlCommand.Create() };
}
