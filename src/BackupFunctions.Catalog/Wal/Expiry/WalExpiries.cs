using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Wal.Expiry;

/// <summary>What retention has stated of one server's log, read from storage; signatures are checked.</summary>
public sealed class WalExpiries
{
    private const string DocumentEnding = ".json";

    /// <summary>Names can be written by anybody: so many that turn out not to be statements are looked at.</summary>
    private const int MostTries = 16;

    private readonly string _cluster;
    private readonly string _systemIdentifier;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _documents;

    public WalExpiries(string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
    {
        (_cluster, _systemIdentifier, _keys) = (cluster, systemIdentifier, keys);
        _documents = new DocumentReader(targets, away: null);
    }

    /// <summary>Ids of the statements that were listed, newest first.</summary>
    public static IReadOnlyList<string> IdsOf(ListedWal listed)
    {
        const string folder = "expiry/";
        return
        [
            .. listed.Expiries.Keys.Where(key => key.EndsWith(DocumentEnding, StringComparison.Ordinal)).Select(key => key[folder.Length..^DocumentEnding.Length])
                .Where(BackupIds.IsValid).OrderDescending(StringComparer.Ordinal),
        ];
    }

    /// <exception cref="PgdrException">No good copy, and why.</exception>
    public async Task<StoredExpiry> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var search = await _documents.FindAsync(
            StorageKeys.WalExpiry(_cluster, _systemIdentifier, id),
            StorageKeys.WalExpirySignature(_cluster, _systemIdentifier, id),
            WalExpiryCodec.LargestSize,
            (json, signature) => WalExpiryCodec.Read(json, signature, _keys, _cluster, _systemIdentifier, id),
            cancellationToken);
        return search.Found switch
        {
            [var found] => new StoredExpiry(found.Value, found.Document.Sha256, found.Targets),
            [] => throw search.Failure ?? new PgdrException(ErrorCodes.ObjectAbsent, "No target has it with its signature: that was removed, or there never was one."),
            _ => throw new PgdrException(ErrorCodes.ManifestAltered, "Targets hold different signed documents of it: one was replaced; find out who had the signing key."),
        };
    }

    /// <summary>What readers of the log go by: the newest statement that can be believed.</summary>
    /// <param name="listed">The server's folder, of all targets that can be asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ExpiredLog> NewestAsync(ListedWal listed, CancellationToken cancellationToken)
    {
        var doubts = new List<string>();
        foreach (var id in IdsOf(listed).Take(MostTries))
        {
            try
            {
                return new ExpiredLog(await ReadAsync(id, cancellationToken), doubts);
            }
            catch (PgdrException e)
            {
                doubts.Add(DoubtOf(_systemIdentifier, id, e));
            }
        }

        return new ExpiredLog(newest: null, doubts);
    }

    /// <summary>For people.</summary>
    public static string DoubtOf(string systemIdentifier, string id, PgdrException failure) =>
        $"Statement {id} on expired log of server {systemIdentifier} counts for nothing: {failure.Message}";
}
