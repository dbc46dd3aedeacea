using System.CommandLine;

namespace BackupFunctions.Cli.Targets;

internal static class TargetCommand
{
    public static Command Create() => new("target", "Storage targets.") { TargetCheckCommand.Create() };
}
