using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>What exists, read from storage alone: the union of all targets, so that one that is away or incomplete hides nothing.</summary>
public sealed class StorageCatalog
{
    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _documents;

    public StorageCatalog(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
    {
        _cluster = cluster;
        _targets = targets;
        _keys = keys;
        _documents = new DocumentReader(targets, away: null);
    }

    /// <summary>Everything, entry by entry; see <see cref="CatalogScan"/>.</summary>
    public Task<CatalogScan> ScanAsync(CancellationToken cancellationToken) => CatalogScan.OpenAsync(_cluster, _targets, _keys, cancellationToken);

    /// <summary>All backups that are not deleted, newest first. What cannot be read is named, never left out silently.</summary>
    public Task<BackupListing> ListAsync(CancellationToken cancellationToken) => ListAsync(withDeleted: false, cancellationToken);

    /// <param name="withDeleted">Also backups whose data is gone: their manifests and statements stay.</param>
    /// <inheritdoc cref="ListAsync(CancellationToken)"/>
    public async Task<BackupListing> ListAsync(bool withDeleted, CancellationToken cancellationToken)
    {
        var scan = await ScanAsync(cancellationToken);
        var unreadable = scan.Away.Values.Select(e => e.Message).ToList();
        var records = new List<BackupRecord>();
        await foreach (var entry in scan.ReadAsync(cancellationToken))
        {
            if (entry.Failure is { } failure)
            {
                unreadable.Add($"Backup {entry.BackupId}: {failure.Message}");
            }
            else if (entry.Stored is { } stored && Record(stored, entry.Statements) is var record && (withDeleted || record.DeletedAt is null))
            {
                records.Add(record);
            }
        }

        return new BackupListing(
            [.. records.OrderByDescending(record => record.BackupId, StringComparer.Ordinal)],
            [.. unreadable.Order(StringComparer.Ordinal)])
        {
            UnreadableTargets = [.. scan.Away.Keys.Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>One backup anew, with what is in doubt about it.</summary>
    /// <exception cref="StorageException">A target cannot be asked.</exception>
    public async Task<CatalogEntry> ReadAsync(string backupId, CancellationToken cancellationToken)
    {
        var (entry, away) = await LookAsync(backupId, cancellationToken);
        return away.Count == 0 ? entry : throw away.Values.First();
    }

    /// <summary>One backup anew, as the targets tell that can be asked; those that cannot are named with the cause.</summary>
    public async Task<(CatalogEntry Entry, IReadOnlyDictionary<string, StorageException> Away)> LookAsync(string backupId, CancellationToken cancellationToken)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        var away = new Dictionary<string, StorageException>(StringComparer.Ordinal);
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
            catch (StorageException e)
            {
                away[target.Name] = e;
            }
        }

        List<IStorageTarget> reachable = [.. _targets.Where(target => !away.ContainsKey(target.Name))];
        var entry = await new EntryReader(_cluster, _keys, reachable, reachable, away.Values.FirstOrDefault())
            .ReadAsync(backupId, [.. reachable.Select(target => target.Name)], [.. keys], cancellationToken);
        return (entry, away);
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
            [var one, var other, ..] => throw EntryReader.Different(backupId, one.Targets[0], other.Targets[0]),
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
    public async Task<BackupRecord> RecordAsync(StoredManifest stored, CancellationToken cancellationToken) =>
        Record(stored, await StatementsAsync(stored.Manifest.BackupId, cancellationToken));

    private static BackupRecord Record(StoredManifest stored, IEnumerable<Statement> statements)
    {
        var manifest = stored.Manifest;
        var facts = BackupFacts.Of(stored.Document.Sha256, stored.Targets, statements);
        return new BackupRecord
        {
            BackupId = manifest.BackupId,
            Database = manifest.Database,
            Server = manifest.Base?.Server,
            Kind = manifest.Kind,
            Status = facts.Status,
            StartedAt = manifest.StartedAt,
            SnapshotAt = manifest.SnapshotAt,
            DurationSeconds = Math.Round((manifest.FinishedAt - manifest.StartedAt).TotalSeconds, 1),
            VerifiedAt = facts.VerifiedAt,
            ProvenAt = facts.ProvenAt,
            TombstonedAt = facts.TombstonedAt,
            DeletedAt = facts.DeletedAt,
            KeepUntil = facts.KeepUntil,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            ServerVersion = manifest.Server.Version,
            Copies =
            [
                .. facts.Copies.Select(copy => new CopyResult(copy.Target, Written: !copy.IsGone, copy.Verified && !copy.IsGone, copy.Quarantined ? "quarantined" : null)
                {
                    TombstonedAt = copy.TombstonedAt,
                    DeletedAt = copy.GoneAt,
                }),
            ],
        };
    }
}
