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
        : this(cluster, targets, keys, away: null)
    {
    }

    private StorageCatalog(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, StorageException? away)
    {
        _cluster = cluster;
        _targets = targets;
        _keys = keys;
        _documents = new DocumentReader(targets, away);
    }

    /// <summary>All backups, newest first. What cannot be read is named, never left out silently.</summary>
    public async Task<BackupListing> ListAsync(CancellationToken cancellationToken)
    {
        var away = new ConcurrentDictionary<string, StorageException>(StringComparer.Ordinal);
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
                away[target.Name] = e;
            }
        });

        // Not asked again for every backup: a silent target would cost its time limit each time.
        var reachable = new StorageCatalog(
            _cluster, [.. _targets.Where(target => !away.ContainsKey(target.Name))], _keys, away.Values.FirstOrDefault());
        var unreadable = new ConcurrentBag<string>(away.Values.Select(e => e.Message));
        var records = new ConcurrentBag<BackupRecord>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ids.Keys.Where(BackupIds.IsValid), options, async (id, token) =>
        {
            try
            {
                if (await reachable.FindAsync(id, token) is { } stored)
                {
                    records.Add(await reachable.RecordAsync(stored, token));
                }
            }
            catch (PgdrException e)
            {
                unreadable.Add($"Backup {id}: {e.Message}");
            }
        });
        return new BackupListing(
            [.. records.OrderByDescending(record => record.BackupId, StringComparer.Ordinal)],
            [.. unreadable.Order(StringComparer.Ordinal)])
        {
            UnreadableTargets = [.. away.Keys.Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>The manifest of a backup, its signature checked; null when every target says that there is none.</summary>
    /// <exception cref="PgdrException">
    /// No good copy, and some target is away or has a bad one; or manifest.altered: targets hold different manifests of this backup.
    /// </exception>
    public async Task<StoredManifest?> FindAsync(string backupId, CancellationToken cancellationToken)
    {
        if (!BackupIds.IsValid(backupId))
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, $"'{backupId}' is not a backup id: 'pgdr backup list' shows them.");
        }

        var search = await _documents.FindAsync(
            StorageKeys.Manifest(_cluster, backupId),
            StorageKeys.ManifestSignature(_cluster, backupId),
            ManifestCodec.LargestSize,
            (json, signature) => ManifestCodec.Read(json, signature, _keys, _cluster, backupId),
            cancellationToken);
        return search.Found switch
        {
            [var manifest] => new StoredManifest(manifest.Value, manifest.Document, manifest.Targets),
            [] => search.Failure is { } failure ? throw failure : null,
            [var one, var other, ..] => throw new PgdrException(
                ErrorCodes.ManifestAltered,
                $"Targets '{one.Targets[0]}' and '{other.Targets[0]}' hold different signed manifests of backup {backupId}: one was replaced; " +
                "use another backup, and find out who had the signing key."),
        };
    }

    /// <summary>Statements about a backup whose signatures hold, oldest first; forged, damaged and unreachable ones are left out.</summary>
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
                // Every target gets every statement; a listing names the targets that are away.
            }
        }

        var statements = new List<Statement>();
        foreach (var key in keys)
        {
            // A forged one must not hide the backup, so the search's failure is not thrown.
            var search = await _documents.FindAsync(
                key,
                Path.ChangeExtension(key, ".sig"),
                StatementCodec.LargestSize,
                (json, signature) => StatementCodec.Read(json, signature, _keys, backupId),
                cancellationToken);
            statements.AddRange(search.Found.Select(found => found.Value));
        }

        return [.. statements.OrderBy(statement => statement.At)];
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
            Status = own.Exists(statement => statement.Kind == StatementKind.Quarantined) ? BackupStatus.Failed
                : proven is not null ? BackupStatus.Proven : verified is not null ? BackupStatus.Verified : BackupStatus.Completed,
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
