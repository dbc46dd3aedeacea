using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Steps 2 and 3 of the runbook: downloads with failover, decrypts and decompresses into the work folder, several objects at once. Started
/// again after a crash it fetches only what is not complete yet.
/// </summary>
public sealed class FetchBackupJob
{
    private const int Parallelism = 4;

    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    public FetchBackupJob(JobEnvironment environment, BackupReader reader)
    {
        _environment = environment;
        _reader = reader;
    }

    public async Task<FetchBackupResult> RunAsync(FetchBackupParameters parameters, CancellationToken cancellationToken)
    {
        var stored = await _reader.Catalog.FindAsync(parameters.BackupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds backup {parameters.BackupId} any more: choose another.");
        var manifest = stored.Manifest;
        var workspace = new RestoreWorkspace(_environment.Settings, parameters.RestoreId);
        workspace.Create();
        using var key = _reader.PrivateKeys.Unwrap(manifest.Recipients);
        var failover = new FailoverReader(
            _reader.Targets,
            new FailoverReaderOptions { OnFailover = switched => _environment.Reporter.Failover(switched.ToString()) },
            _environment.Loggers.CreateLogger<FailoverReader>());
        var objects = new ObjectFetcher(manifest, key, failover, _environment.Reporter);

        _environment.Reporter.Phase(JobPhases.Download, manifest.StoredSize);
        var contents = await FetchContentsAsync(manifest, objects, cancellationToken);
        workspace.Save(new FetchedBackup(manifest, stored.Document, contents));

        long reused = 0;
        var data = manifest.Objects.Where(item => string.Equals(item.Role, "data", StringComparison.Ordinal)).ToList();
        var parts = contents.Parts.ToDictionary(part => part.ObjectName, StringComparer.Ordinal);
        var folder = new DumpFolderWriter(workspace.DumpFolder);
        var pending = new List<ManifestObject>();
        foreach (var item in data)
        {
            if (workspace.IsComplete(item))
            {
                reused += item.Size;
                _environment.Reporter.AddBytes(item.Size);
            }
            else
            {
                pending.Add(item);
            }
        }

        var open = pending.Count;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(pending, options, async (item, token) =>
        {
            await objects.FetchAsync(item, (plain, inner) => folder.WriteAsync(parts[item.Name], plain, inner), token);
            workspace.MarkComplete(item);
            if (Interlocked.Decrement(ref open) < Parallelism)
            {
                _environment.Reporter.Detail($"{open} objects to go");
            }
        });
        _environment.Reporter.Phase("decompress", contents.Parts.Sum(part => part.PlainSize));
        folder.CheckComplete(contents.Parts);
        return new FetchBackupResult(
            failover.BytesByTarget.Values.Sum(), reused, contents.Parts.Sum(part => part.PlainSize), failover.BytesByTarget, failover.Failovers);
    }

    private static async Task<BackupContents> FetchContentsAsync(Manifest manifest, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        var item = manifest.Objects.First(stored => string.Equals(stored.Role, "contents", StringComparison.Ordinal));
        BackupContents? contents = null;
        await objects.FetchAsync(item, async (plain, token) => contents = await ContentsCodec.ReadAsync(plain, token), cancellationToken);
        return contents!;
    }
}
