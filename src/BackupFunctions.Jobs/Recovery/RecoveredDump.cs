using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>Dumps one database of a recovered server into the restore's work folder, where a stored dump would have been brought.</summary>
internal sealed class RecoveredDump(JobEnvironment environment, RestoreWorkspace workspace)
{
    /// <summary>From one snapshot, as every dump; contents last.</summary>
    /// <param name="server">The recovered one, as its superuser.</param>
    /// <param name="tools">Of its version.</param>
    /// <param name="database">The database.</param>
    /// <param name="point">Where the server stands.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="PgdrException">database.unknown: it did not exist at that point; tool.*, disk.full.</exception>
    public async Task<long> RunAsync(ServerConnection server, PgTools tools, string database, RecoveredPoint point, CancellationToken cancellationToken)
    {
        environment.Reporter.Phase("dump");
        workspace.BeginDump();
        var request = new DumpRequest
        {
            ServerConnection = server,
            Database = database,
            PgTools = tools,
            Jobs = environment.Settings.DumpJobs,
            WorkFolder = Path.Combine(environment.Settings.WorkPath, "dumps"),
        };
        var dump = await DumpAsync(request, point, cancellationToken);
        environment.Reporter.WarnAll(dump.Warnings);
        await workspace.WriteContentsAsync(
            new BackupContents
            {
                Parts = [],
                Tables = dump.Tables,
                LargeObjects = dump.LargeObjects,
                Sequences = dump.Sequences,
                Database = dump.DatabaseProperties,
                Roles = dump.Roles,
                Needs = dump.Needs,
            },
            cancellationToken);
        return dump.TotalBytes;
    }

    private async Task<DumpOutcome> DumpAsync(DumpRequest request, RecoveredPoint point, CancellationToken cancellationToken)
    {
        await using var files = new DumpFolderFiles(workspace.DumpFolder);
        try
        {
            return await DatabaseDump.RunAsync(
                request, files.Open, new DelegateProgress<DumpProgress>(progress => environment.Reporter.Bytes(progress.BytesDone)), cancellationToken);
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.DatabaseUnknown)
        {
            throw new PgdrException(
                ErrorCodes.DatabaseUnknown,
                $"Database '{request.Database}' does not exist at {point.Lsn} ({point.At:u}), the point that was reached: it was dropped before or made later, choose another point.",
                e);
        }
    }
}
