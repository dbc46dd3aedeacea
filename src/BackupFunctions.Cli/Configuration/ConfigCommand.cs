using System.CommandLine;

namespace BackupFunctions.Cli.Configuration;

internal static class ConfigCommand
{
    public static Command Create() => new("config", "Look at configuration backups. Nothing is ever applied to a server.") { ConfigExtractCommand.Create(), ConfigDiffCommand.Create() };
}
