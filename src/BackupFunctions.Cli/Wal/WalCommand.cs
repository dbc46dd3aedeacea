using System.CommandLine;

namespace BackupFunctions.Cli.Wal;

internal static class WalCommand
{
    public static Command Create() => new("wal", "Write-ahead log: receive, look at, bring back.")
    {
        WalReceiveCommand.Create(),
        WalStatusCommand.Create(),
        WalFetchCommand.Create(),
        WalPushCommand.Create(),
        WalCheckCommand.Create(),
    };
}
