using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>The way to a point of a database's server: base backup and log, looked at before the first byte is fetched.</summary>
internal sealed class PointSelection(JobEnvironment environment, BackupReader reader)
{
    /// <summary>Log is recycled while it is replayed: more than this much of it never lies on the disk, nor grows the files.</summary>
    private const long LeastLogAllowance = 2L << 30;

    /// <exception cref="PgdrException">backup.unknown, wal.missing: the point cannot be reached, the nearest that can is named; key.cannot-open.</exception>
    public async Task<PointCandidate> ChooseAsync(string database, WantedPoint point, CancellationToken cancellationToken)
    {
        var server = environment.Settings.Databases.FirstOrDefault(known => string.Equals(known.Name, database, StringComparison.Ordinal))?.Server
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"Which server's log has database '{database}' is not known: add it to Databases.");
        var wanted = Wanted(server, point, timeline: null);
        _ = RecoveryTargets.Of(wanted); // Refuses what is no position before it is compared with any.
        var now = environment.Time.GetUtcNow();
        if (point.Time > now)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{point.Time:yyyy-MM-dd HH:mm:ss.ffffff}Z lies in the future (it is {now:yyyy-MM-dd HH:mm:ss}Z): give a time that has been, or none for the newest point.");
        }

        var manifest = await BaseChooser.ChooseAsync(reader.Catalog, wanted, environment.Reporter.Warn, cancellationToken);
        var stored = (await reader.Catalog.FindAsync(manifest.BackupId, cancellationToken))!;
        var log = await StoredLog.ReadAsync(reader.Cluster, SystemOf(manifest), reader.Targets, requiredCopies: 1, reader.VerificationKeys, cancellationToken);
        var end = (await RecoveryWindowCheck.NameWindowsAsync(
            reader, server, log, () => LogTarget.FindAsync(log, manifest, wanted, environment.Reporter.Warn, cancellationToken), cancellationToken)).End;
        using (reader.PrivateKeys.Unwrap(log.NewestEpoch.Recipients))
        {
            var timeline = log.NewestEpoch.Timeline;
            return new PointCandidate(
                stored,
                await reader.Catalog.RecordAsync(stored, cancellationToken),
                new RecoveryPath(server, point, timeline, Lsn.Format(end)),
                (long)(end - Lsn.Parse(manifest.Base!.StartLsn)),
                log.Ranges.Last(range => range.Timeline == timeline).LastAt);
        }
    }

    /// <summary>What else it takes to run the server's files beside the live one.</summary>
    public async Task CheckAsync(PointCandidate candidate, RestorePreflight preflight, List<string> checks, long? dumpSize, CancellationToken cancellationToken)
    {
        var manifest = candidate.Stored.Manifest;
        var tools = await ServerPrograms.FindAsync(environment.Settings, manifest, cancellationToken);
        checks.Add(string.Create(CultureInfo.InvariantCulture, $"log without a hole to {candidate.Path.EndLsn} on timeline {candidate.Path.Timeline}, archived {candidate.NewestAt:u}"));
        checks.Add($"server program {tools.Major} in {tools.BinariesFolder}");
        var log = Math.Min(candidate.LogBytes, Math.Max(LeastLogAllowance, manifest.PlainSize / 5));
        preflight.CheckDisk(
            await FilesAsync(manifest, cancellationToken) + log + ((dumpSize ?? manifest.PlainSize) / 20 * 21),
            $", or recover the whole server onto one with 'pgdr recover {candidate.Path.Server} DIRECTORY'");
        await RequirePassAsync(cancellationToken);
    }

    /// <summary>Bytes; a chain of incremental backups lies there twice while it is put together.</summary>
    private async Task<long> FilesAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var chain = manifest.PlainSize;
        foreach (var parent in manifest.Parents)
        {
            chain += (await reader.Catalog.FindAsync(parent, cancellationToken))?.Manifest.PlainSize ?? 0;
        }

        return manifest.Parents.Count == 0 ? chain : 2 * chain;
    }

    /// <summary>As root the server runs as another account, which must get into the work folder.</summary>
    private async Task RequirePassAsync(CancellationToken cancellationToken)
    {
        var parent = RestoreWorkspace.ParentFolder(environment.Settings);
        JobFolders.Prepare(parent, "WORK_PATH");
        ServerAccount.LetPass(environment.Settings.WorkPath);
        ServerAccount.LetPass(parent);
        await ServerAccount.RequirePassAsync(parent, cancellationToken);
    }

    /// <summary>As the recovery of a server takes it.</summary>
    public static RecoverServerParameters Wanted(string server, WantedPoint point, int? timeline) => new()
    {
        Server = server,
        DataDirectory = string.Empty,
        TargetTime = point.Time,
        TargetLsn = point.Lsn,
        Timeline = timeline,
        RequestedBy = "disaster recovery",
    };

    public static string SystemOf(Manifest manifest) => manifest.Server.SystemIdentifier
        ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"Base backup {manifest.BackupId} does not say which server's log belongs to it: use another one.");
}
