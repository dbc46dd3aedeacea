using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Storage;
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

    public Task<FetchBackupResult> RunAsync(FetchBackupParameters parameters, CancellationToken cancellationToken) =>
        WorkspaceRun.RunAsync(_environment, parameters.RestoreId, workspace => RunAsync(workspace, parameters, cancellationToken));

    private async Task<FetchBackupResult> RunAsync(RestoreWorkspace workspace, FetchBackupParameters parameters, CancellationToken cancellationToken)
    {
        var backupId = parameters.BackupId;
        var stored = await _reader.Catalog.FindAsync(backupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds backup {backupId} any more: choose another.");
        var manifest = stored.Manifest;
        await using var lease = ReadLease.Take(
            _reader.Targets, _reader.Cluster, backupId, parameters.RestoreId, _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        workspace.Create(stored.Document);
        using var key = _reader.PrivateKeys.Unwrap(manifest.Recipients);
        var failover = new FailoverReader(
            InOrder(await ReadableCopies.OfAsync(_reader, stored, _environment.Reporter, cancellationToken), parameters.Order ?? []),
            new FailoverReaderOptions
            {
                HedgeDelay = _environment.Settings.ReadHedgeDelay,
                HealthStore = _reader.Health,
                OnFailover = switched => _environment.Reporter.Failover(switched.ToString()),
            },
            _environment.Loggers.CreateLogger<FailoverReader>());
        var objects = new ObjectFetcher(manifest, key, failover, _environment.Reporter);

        _environment.Reporter.Phase(JobPhases.Download, manifest.StoredSize);
        var reused = 0L;
        var contents = await FetchContentsAsync(manifest, objects, workspace, cancellationToken);
        var parts = contents.Parts.ToDictionary(part => part.ObjectName, StringComparer.Ordinal);
        var pending = new List<ManifestObject>();
        foreach (var item in OfRole(manifest, "data"))
        {
            if (!parts.ContainsKey(item.Name))
            {
                throw new PgdrException(
                    ErrorCodes.ObjectDamaged, $"The contents of backup {backupId} do not say what {item.Name} holds: use another backup.");
            }

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

        await FetchDataAsync(pending, parts, objects, workspace, cancellationToken);
        var plainSize = contents.Parts.Sum(part => part.PlainSize);
        _environment.Reporter.Phase("decompress", plainSize);
        CheckComplete(workspace, contents);
        return new FetchBackupResult(failover.BytesByTarget.Values.Sum(), reused, plainSize, failover.BytesByTarget, failover.Failovers);
    }

    /// <summary>
    /// Parsed only when all of it is there and authentic: what is wrong with it then is so in every copy, and another target would not help.
    /// </summary>
    private static async Task<BackupContents> FetchContentsAsync(
        Manifest manifest, ObjectFetcher objects, RestoreWorkspace workspace, CancellationToken cancellationToken)
    {
        var item = OfRole(manifest, "contents").First();
        if (!workspace.IsComplete(item))
        {
            await objects.FetchAsync(
                item,
                async (plain, token) =>
                {
                    await using var file = File.Create(workspace.ContentsFile);
                    await plain.CopyToAsync(file, token);
                },
                cancellationToken);
            workspace.MarkComplete(item);
        }

        return await workspace.ReadContentsAsync(cancellationToken);
    }

    private async Task FetchDataAsync(
        IReadOnlyList<ManifestObject> pending,
        Dictionary<string, ArchivePart> parts,
        ObjectFetcher objects,
        RestoreWorkspace workspace,
        CancellationToken cancellationToken)
    {
        var open = pending.Count;
        var folder = new DumpFolderWriter(workspace.DumpFolder);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(pending, options, async (item, token) =>
        {
            await objects.FetchAsync(item, (plain, inner) => folder.WriteAsync(parts[item.Name], plain, inner), token);
            workspace.MarkComplete(item);
            _environment.Reporter.Detail($"{Interlocked.Decrement(ref open)} objects to go");
        });
    }

    private static IReadOnlyList<IStorageTarget> InOrder(IReadOnlyList<IStorageTarget> targets, IEnumerable<string> order)
    {
        List<string> ranks = [.. order];
        return [.. targets.OrderBy(target => ranks.IndexOf(target.Name) is >= 0 and var rank ? rank : int.MaxValue)];
    }

    /// <summary>Files that are not what the marks say are fetched anew by the next run.</summary>
    private static void CheckComplete(RestoreWorkspace workspace, BackupContents contents)
    {
        try
        {
            new DumpFolderWriter(workspace.DumpFolder).CheckComplete(contents.Parts);
        }
        catch (PgdrException)
        {
            workspace.DeleteDump();
            throw;
        }
    }

    private static IEnumerable<ManifestObject> OfRole(Manifest manifest, string role) =>
        manifest.Objects.Where(item => string.Equals(item.Role, role, StringComparison.Ordinal));
}
