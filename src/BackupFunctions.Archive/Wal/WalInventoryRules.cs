using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>What an inventory must keep to beyond its types; the same on both sides.</summary>
internal static class WalInventoryRules
{
    /// <returns>The first rule it breaks, as part of a sentence; null when it is sound.</returns>
    public static string? FindProblem(WalInventory inventory) =>
        inventory.Format is not WalInventory.CurrentFormat ? "its format is not the current one"
        : !ClusterNames.IsValid(inventory.Cluster) ? "its cluster's name is not valid"
        : inventory.SystemIdentifier is not { Length: > 0 and <= 20 } || !inventory.SystemIdentifier.All(char.IsAsciiDigit) ? "its system identifier is not a number"
        : inventory.Timeline < 1 ? "its timeline is not from 1"
        : !BackupIds.IsValid(inventory.EpochId) ? "its epoch's id is not valid"
        : inventory.Sequence is < 1 or > 99_999_999 ? "its sequence is not from 1 to 99999999"
        : inventory.Sequence == 1 != inventory.PreviousSha256 is null ? "its link to the inventory before does not go with its sequence"
        : inventory.PreviousSha256 is { } previous && !Sha256Hex.IsValid(previous) ? "its link to the inventory before is not a SHA-256"
        : !Sha256Hex.IsValid(inventory.SignedBy) ? "its signer is not a key id"
        : !Lsn.TryParse(inventory.EndLsn, out var end) ? "a position in it is none"
        : inventory.Objects.Count > WalInventoryCodec.MostObjects ? "it lists more objects than one does"
        : inventory.Covered is { } covered && (!Lsn.TryParse(covered.Lsn, out var until) || until > end) ? "it covers more than it has archived"
        : FindProblemOfObjects(inventory, end);

    private static string? FindProblemOfObjects(WalInventory inventory, ulong end)
    {
        ulong position = 0;
        foreach (var item in inventory.Objects)
        {
            if (!Lsn.TryParse(item.StartLsn, out var from) || !Lsn.TryParse(item.EndLsn, out var until) || from > until || until > end)
            {
                return "a position in it is none";
            }

            if (item.Form == WalObjectForm.History ? !WalSegmentName.IsHistory(item.File) : !WalSegmentName.IsValid(item.File) || from < position || from == until)
            {
                return "an object in it has a name or a place that is none";
            }

            if (WalSegmentName.TimelineOf(item.File) != inventory.Timeline || item.Size < 1 || !Sha256Hex.IsValid(item.Sha256))
            {
                return "an object in it is not of its timeline, or has no size or hash";
            }

            position = item.Form == WalObjectForm.History ? position : from;
        }

        return null;
    }
}
