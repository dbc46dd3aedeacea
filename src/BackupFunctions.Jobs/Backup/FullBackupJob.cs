using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// A full logical backup in one pass: pg_dump's growing files are compressed, encrypted and sent to all targets while they are written;
/// the manifest comes last, then every copy is read back.
/// </summary>
/// <param name="environment">What every job works with.</param>
/// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
public sealed class FullBackupJob(JobEnvironment environment, string stateFolder)
{
    public async Task<FullBackupResult> RunAsync(FullBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        environment.Reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.OfDatabase(settings, parameters.Database);
        using var keys = BackupWriterKeys.Load(settings.Keys);
        var dumpFolder = Path.Combine(settings.WorkPath, "dumps");
        JobFolders.Prepare(dumpFolder, "WORK_PATH");
        var chain = new ManifestChain(settings.RunStorePath, settings.ClusterName, parameters.Database);
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        environment.Reporter.WarnAll(tools.SecurityWarnings);

        await using var attempt = new BackupAttempt(environment, keys, chain, environment.OpenTargets());
        environment.Reporter.Phase("dump", probe.Find(parameters.Database)?.SizeBytes);
        var dump = await new BackupWriter(environment, attempt.Objects, server, tools).RunAsync(parameters.Database, dumpFolder, cancellationToken);
        var manifest = attempt.Describe(BackupKind.Full, dump.ServerIdentity, dump.SnapshotAt, dump.ToolVersions) with
        {
            Database = parameters.Database,
            Archive = parameters.Archive,
        };
        var published = await attempt.PublishAsync(manifest, stateFolder, cancellationToken);
        var completed = await attempt.CompleteAsync(published, cancellationToken);
        return new FullBackupResult
        {
            BackupId = attempt.Id,
            Database = parameters.Database,
            Status = completed.Status,
            StatusReason = completed.StatusReason,
            Copies = completed.Copies,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            Tables = dump.Tables.Count,
            Rows = dump.Tables.Sum(table => table.Rows),
        };
    }
}
