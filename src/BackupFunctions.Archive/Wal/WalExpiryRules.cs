using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>What a statement on expired log must keep to beyond its types; the same on both sides.</summary>
internal static class WalExpiryRules
{
    /// <returns>The first rule it breaks, as part of a sentence; null when it is sound.</returns>
    public static string? FindProblem(WalExpiry expiry) =>
        expiry.Format is not WalExpiry.CurrentFormat ? "its format is not the current one"
        : !ClusterNames.IsValid(expiry.Cluster) ? "its cluster's name is not valid"
        : expiry.SystemIdentifier is not { Length: > 0 and <= 20 } || !expiry.SystemIdentifier.All(char.IsAsciiDigit) ? "its system identifier is not a number"
        : !BackupIds.IsValid(expiry.Id) ? "its id is not valid"
        : expiry.PreviousSha256 is { } previous && !Sha256Hex.IsValid(previous) ? "its link to the statement before is not a SHA-256"
        : !Sha256Hex.IsValid(expiry.SignedBy) ? "its signer is not a key id"
        : expiry.SegmentSize is < 1 << 20 or > 1 << 30 || !int.IsPow2(expiry.SegmentSize) ? "its segment size is none that PostgreSQL has"
        : expiry.Expired.Count > WalExpiryCodec.MostSpans || expiry.Deleted.Count > WalExpiryCodec.MostSpans ? "it lists more stretches than one does"
        : expiry.Epochs.Count > WalExpiryCodec.MostEpochs ? "it lists more epochs than one does"
        : !AreInOrder(expiry.Expired) || !AreInOrder(expiry.Deleted) ? "its stretches are none, or not in order"
        : !expiry.Epochs.All(BackupIds.IsValid) || expiry.Epochs.Zip(expiry.Epochs.Skip(1)).Any(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0) ? "its epochs are none, or not in order"
        : null;

    private static bool AreInOrder(IReadOnlyList<WalExpirySpan> spans)
    {
        (int Timeline, ulong To)? before = null;
        foreach (var span in spans)
        {
            if (span.Timeline < 1 || !Lsn.TryParse(span.FromLsn, out var from) || !Lsn.TryParse(span.ToLsn, out var to) || from >= to
                || (before is { } last && (span.Timeline < last.Timeline || (span.Timeline == last.Timeline && from <= last.To))))
            {
                return false;
            }

            before = (span.Timeline, to);
        }

        return true;
    }
}
