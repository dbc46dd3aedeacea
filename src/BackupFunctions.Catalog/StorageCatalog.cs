using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>What exists, read from storage alone: the union of all targets, so that one that is away or incomplete hides nothing.</summary>
public sealed class StorageCatalog
{
    private const int Parallelism = 8;

    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _documents;

    public StorageCatalog(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
    {
        _cluster = cluster;
        _targets = targets;
        _keys = keys;
        _documents = new DocumentReader(targets);
    }

    /// <summary>All backups, newest first. What cannot be read is named, never left out silently.</summary>
    public async Task<BackupListing> ListAsync(CancellationToken cancellationToken)
    {
        var unreadable = new ConcurrentBag<string>();
        var ids = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(_targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var id in target.ListFoldersAsync(StorageKeys.Backups(_cluster), token))
                {
                    ids.TryAdd(id, 0);
                }
            }
            catch (StorageException e)
            {
                unreadable.Add(e.Message);
            }
        });

        var records = new ConcurrentBag<BackupRecord>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ids.Keys.Where(BackupIds.IsValid), options, async (id, token) =>
        {
            try
            {
                if (await FindAsync(id, token) is { } stored)
                {
                    records.Add(await RecordAsync(stored, token));
                }
            }
            catch (PgdrException e)
            {
                unreadable.Add($"Backup {id}: {e.Message}");
            }
        });
        return new BackupListing(
            [.. records.OrderByDescending(record => record.BackupId, StringComparer.Ordinal)],
            [.. unreadable.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The manifest of a backup, its signature checked; null when every target says that there is none.</summary>
    public async Task<StoredManifest?> FindAsync(string backupId, CancellationToken cancellationToken)
    {
        if (!BackupIds.IsValid(backupId))
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, $"'{backupId}' is not a backup id: 'pgdr backup list' shows them.");
        }

        var found = await _documents.FindAsync(
            StorageKeys.Manifest(_cluster, backupId),
            StorageKeys.ManifestSignature(_cluster, backupId),
            (json, signature) => ManifestCodec.Read(json, signature, _keys, _cluster, backupId),
            cancellationToken);
        return found is { } manifest ? new StoredManifest(manifest.Value, manifest.Document, manifest.Targets) : null;
    }

    /// <summary>Statements about a backup whose signatures hold, oldest first.</summary>
    public async Task<IReadOnlyList<Statement>> StatementsAsync(string backupId, CancellationToken cancellationToken)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var target in _targets)
        {
            try
            {
                await foreach (var stored in target.ListAsync(StorageKeys.Statements(_cluster, backupId), cancellationToken))
                {
                    if (stored.Key.EndsWith(".json", StringComparison.Ordinal))
                    {
                        keys.Add(stored.Key);
                    }
                }
            }
            catch (StorageException)
            {
                // Statements only ever raise or lower trust that other targets also hold; a listing names unreachable targets already.
            }
        }

        var statements = new List<Statement>();
        foreach (var key in keys)
        {
            var found = await _documents.FindAsync(
                key, Path.ChangeExtension(key, ".sig"), (json, signature) => StatementCodec.Read(json, signature, _keys, backupId), cancellationToken);
            if (found is { } statement)
            {
                statements.Add(statement.Value);
            }
        }

        return statements;
    }

    /// <summary>Manifest and statements as one record.</summary>
    public async Task<BackupRecord> RecordAsync(StoredManifest stored, CancellationToken cancellationToken)
    {
        var manifest = stored.Manifest;
        var statements = await StatementsAsync(manifest.BackupId, cancellationToken);
        var own = statements.Where(statement => string.Equals(statement.ManifestSha256, stored.Document.Sha256, StringComparison.Ordinal)).ToList();
        var verified = own.LastOrDefault(statement => statement.Kind == StatementKind.Verified);
        var proven = own.LastOrDefault(statement => statement.Kind == StatementKind.Proven);
        return new BackupRecord
        {
            BackupId = manifest.BackupId,
            Database = manifest.Database,
            Kind = manifest.Kind,
            Status = proven is not null ? BackupStatus.Proven : verified is not null ? BackupStatus.Verified : BackupStatus.Completed,
            StartedAt = manifest.StartedAt,
            SnapshotAt = manifest.SnapshotAt,
            DurationSeconds = Math.Round((manifest.FinishedAt - manifest.StartedAt).TotalSeconds, 1),
            VerifiedAt = verified?.At,
            ProvenAt = proven?.At,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            ServerVersion = manifest.Server.Version,
            Copies =
            [
                .. stored.Targets.Select(target => new CopyResult(
                    target, Written: true, verified?.Copies.Contains(target, StringComparer.Ordinal) ?? false, Error: null)),
            ],
        };
    }
}
