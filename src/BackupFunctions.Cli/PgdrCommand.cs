using System.CommandLine;
using BackupFunctions.Cli.Backups;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Cleanup;
using BackupFunctions.Cli.Configuration;
using BackupFunctions.Cli.DisasterRecovery;
using BackupFunctions.Cli.Host;
using BackupFunctions.Cli.Jobs;
using BackupFunctions.Cli.Keys;
using BackupFunctions.Cli.Merge;
using BackupFunctions.Cli.Recovery;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Cli.Setup;
using BackupFunctions.Cli.Status;
using BackupFunctions.Cli.Targets;
using BackupFunctions.Cli.Wal;

namespace BackupFunctions.Cli;

/// <summary>The command line: noun, then verb.</summary>
internal static class PgdrCommand
{
    /// <summary>After a signal: time to take back what is half done, such as uploads and the scratch database.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromMinutes(2);

    public static RootCommand Create() => new(
        """
        PostgreSQL backup and disaster recovery.

        Settings come from environment variables and from local.settings.json (or the file named by BACKUPFUNCTIONS_SETTINGS).
        Exit codes: 0 done; 1 failed; 2 wrong usage or settings; 3 done, but the backup is not verified;
        4 a workflow is stuck; 5 the code does not fit a workflow's history; 130 cancelled.
        """)
    {
        StatusCommand.Create(),
        BackupCommand.Create(),
        CatalogCommand.Create(),
        CleanupCommand.Create(),
        RestoreCommand.Create(),
        MergeCommand.Create(),
        RecoverCommand.Create(),
        RollBackCommand.Create(),
        DisasterRecoveryCommand.Create(),
        HostCommand.Create(),
        TargetCommand.Create(),
        WalCommand.Create(),
        ConfigCommand.Create(),
        SetupCommand.Create(),
        KeysCommand.Create(),
        JobCommand.Create(),
        CommandBoundary.Debug,
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var result = Create().Parse(arguments);
        var exitCode = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout });
        return result.Errors.Count > 0 && exitCode != ExitCodes.Done ? ExitCodes.Usage : exitCode;
    }
}
