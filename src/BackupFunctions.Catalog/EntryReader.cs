using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>Reads what storage says of one backup.</summary>
internal sealed class EntryReader
{
    private readonly string _cluster;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _manifests;
    private readonly DocumentReader _statements;

    /// <param name="cluster">The first folder.</param>
    /// <param name="keys">Pinned.</param>
    /// <param name="holders">Targets that may have the manifest.</param>
    /// <param name="reachable">All that can be asked.</param>
    /// <param name="away">Why one could not be asked; null: all could.</param>
    public EntryReader(
        string cluster, VerificationKeyRing keys, IReadOnlyList<IStorageTarget> holders, IReadOnlyList<IStorageTarget> reachable, StorageException? away)
    {
        (_cluster, _keys) = (cluster, keys);
        _manifests = new DocumentReader(holders, away);
        _statements = new DocumentReader(reachable, away: null);
    }

    public async Task<CatalogEntry> ReadAsync(
        string backupId, IReadOnlyList<string> folders, IReadOnlyList<string> statementNames, CancellationToken cancellationToken)
    {
        var search = await _manifests.FindAsync(ManifestKey(backupId), SignatureKey(backupId), ManifestCodec.LargestSize, ManifestOf(backupId), cancellationToken);
        var stored = search.Found is [var manifest] ? new StoredManifest(manifest.Value, manifest.Document, manifest.Targets) : null;
        var statements = await StatementsAsync(backupId, statementNames, cancellationToken);
        return new CatalogEntry(backupId, folders)
        {
            Stored = stored,
            Failure = search.Found is [var one, var other, ..] ? Different(backupId, one.Targets[0], other.Targets[0]) : stored is null ? search.Failure : null,
            UnreadableOn = [.. search.Failures.Select(failure => failure.Key)],
            Statements = [.. statements.SelectMany(statement => statement.Search.Found.Select(found => found.Value))],
            Doubts = [.. Doubts(statements, stored?.Document.Sha256)],
            HasStatements = statementNames.Count > 0,
            ManifestSearch = search,
            StatementSearches = statements,
        };
    }

    /// <summary>The manifest as the first target with a good copy has it: what it is a backup of. Null: no copy is good, or there is none.</summary>
    public Task<Manifest?> PeekAsync(string backupId, CancellationToken cancellationToken) =>
        _manifests.FirstAsync(ManifestKey(backupId), SignatureKey(backupId), ManifestCodec.LargestSize, ManifestOf(backupId), cancellationToken);

    public static PgdrException Different(string backupId, string one, string other) => new(
        ErrorCodes.ManifestAltered,
        $"Targets '{one}' and '{other}' hold different signed manifests of backup {backupId}: one was replaced; " +
        "use another backup, and find out who had the signing key.");

    private string ManifestKey(string backupId) => StorageKeys.Manifest(_cluster, backupId);

    private string SignatureKey(string backupId) => StorageKeys.ManifestSignature(_cluster, backupId);

    private Func<byte[], byte[], Manifest> ManifestOf(string backupId) => (json, signature) => ManifestCodec.Read(json, signature, _keys, _cluster, backupId);

    private async Task<IReadOnlyList<StatementSearch>> StatementsAsync(string backupId, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var folder = StorageKeys.Statements(_cluster, backupId);
        var statements = new List<StatementSearch>();
        foreach (var name in names)
        {
            statements.Add(new StatementSearch(name, $"{folder}{name}.json", await _statements.FindAsync(
                $"{folder}{name}.json",
                $"{folder}{name}.sig",
                StatementCodec.LargestSize,
                (json, signature) => StatementCodec.Read(json, signature, _keys, backupId),
                cancellationToken)));
        }

        return statements;
    }

    private static IEnumerable<string> Doubts(IReadOnlyList<StatementSearch> statements, string? manifestSha256)
    {
        foreach (var (_, key, search) in statements)
        {
            if (search.Found.Count == 0)
            {
                yield return $"The statement {key} cannot be read: {search.Failure?.Message ?? "its signature is missing."}";
            }
            else if (manifestSha256 is not null && search.Found.Any(found => !string.Equals(found.Value.ManifestSha256, manifestSha256, StringComparison.Ordinal)))
            {
                yield return $"The statement {key} speaks of another manifest than the one that is there.";
            }
        }
    }
}
