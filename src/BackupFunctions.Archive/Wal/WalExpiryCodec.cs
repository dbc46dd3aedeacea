using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>Statements on expired log and their signatures; read by checking the signature before anything is parsed.</summary>
public static class WalExpiryCodec
{
    /// <summary>Bytes: the longest has about two thirds. Do not download more.</summary>
    public const int LargestSize = 4 * 1024 * 1024;

    /// <summary>Stretches in one list.</summary>
    public const int MostSpans = 4096;

    /// <summary>Epochs in one statement.</summary>
    public const int MostEpochs = 32768;

    private const string Kind = "statement on expired WAL";

    /// <exception cref="InvalidOperationException">The statement breaks a rule that its reader checks, or names another signer.</exception>
    public static SignedDocument Write(WalExpiry expiry, SigningKey key)
    {
        var problem = WalExpiryRules.FindProblem(expiry) ?? (Same(expiry.SignedBy, key.KeyId) ? null : "signed_by is not the key that signs");
        return problem is null
            ? SignedDocument.Create(expiry, key)
            : throw new InvalidOperationException($"The statement would not be readable: {problem}.");
    }

    /// <param name="cluster">Where it was found.</param>
    /// <param name="systemIdentifier">Where it was found.</param>
    /// <param name="id">Under which it was found.</param>
    /// <inheritdoc cref="ManifestCodec.Read" path="/exception"/>
    public static WalExpiry Read(byte[] json, byte[] signature, VerificationKeyRing keys, string cluster, string systemIdentifier, string id)
    {
        var (expiry, signer) = new SignedDocument(json, signature).Open<WalExpiry>(keys, Kind, WalExpiry.CurrentFormat, LargestSize);
        var problem = WalExpiryRules.FindProblem(expiry)
            ?? (Same(expiry.SignedBy, signer) ? null : "it names another signer than the one it has")
            ?? (Same(expiry.Cluster, cluster) ? null : $"it belongs to cluster {expiry.Cluster}, not {cluster}")
            ?? (Same(expiry.SystemIdentifier, systemIdentifier) ? null : $"it belongs to server {expiry.SystemIdentifier}, not {systemIdentifier}")
            ?? (Same(expiry.Id, id) ? null : $"it is {expiry.Id}, not {id}");
        return problem is null ? expiry : throw SignedDocument.Altered(Kind, problem);
    }

    public static LogSpans SpansOf(IEnumerable<WalExpirySpan> spans) => LogSpans.Of(spans.Select(span => new LogSpan(span.Timeline, Lsn.Parse(span.FromLsn), Lsn.Parse(span.ToLsn))));

    /// <summary>As many as one statement takes: what it leaves out, a later one may say.</summary>
    public static IReadOnlyList<WalExpirySpan> ListOf(LogSpans spans) =>
        [.. spans.All.Take(MostSpans).Select(span => new WalExpirySpan(span.Timeline, Lsn.Format(span.From), Lsn.Format(span.To)))];

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
