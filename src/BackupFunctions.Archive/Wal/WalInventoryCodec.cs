using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>Inventories and their signatures; read by checking the signature before anything is parsed.</summary>
public static class WalInventoryCodec
{
    /// <summary>Bytes: the largest list has about half. Do not download more.</summary>
    public const int LargestSize = 1024 * 1024;

    /// <summary>Objects in one list.</summary>
    public const int MostObjects = 1024;

    private const string Kind = "WAL inventory";

    /// <exception cref="InvalidOperationException">The inventory breaks a rule that its reader checks, or names another signer.</exception>
    public static SignedDocument Write(WalInventory inventory, SigningKey key)
    {
        var problem = WalInventoryRules.FindProblem(inventory) ?? (Same(inventory.SignedBy, key.KeyId) ? null : "signed_by is not the key that signs");
        return problem is null
            ? SignedDocument.Create(inventory, key)
            : throw new InvalidOperationException($"The inventory would not be readable: {problem}.");
    }

    /// <param name="cluster">Where it was found.</param>
    /// <param name="systemIdentifier">Where it was found.</param>
    /// <param name="timeline">Where it was found.</param>
    /// <param name="name">Under which it was found.</param>
    /// <inheritdoc cref="ManifestCodec.Read" path="/exception"/>
    public static WalInventory Read(
        byte[] json, byte[] signature, VerificationKeyRing keys, string cluster, string systemIdentifier, int timeline, WalInventoryName name)
    {
        var (inventory, signer) = new SignedDocument(json, signature).Open<WalInventory>(keys, Kind, WalInventory.CurrentFormat, LargestSize);
        var problem = WalInventoryRules.FindProblem(inventory)
            ?? (Same(inventory.SignedBy, signer) ? null : "it names another signer than the one it has")
            ?? (Same(inventory.Cluster, cluster) ? null : $"it belongs to cluster {inventory.Cluster}, not {cluster}")
            ?? (Same(inventory.SystemIdentifier, systemIdentifier) ? null : $"it belongs to server {inventory.SystemIdentifier}, not {systemIdentifier}")
            ?? (inventory.Timeline == timeline ? null : $"it belongs to timeline {inventory.Timeline}, not {timeline}")
            ?? (NameOf(inventory) == name ? null : $"it is {NameOf(inventory)}, not {name}");
        return problem is null ? inventory : throw SignedDocument.Altered(Kind, problem);
    }

    public static WalInventoryName NameOf(WalInventory inventory) => new(inventory.EpochId, inventory.Sequence, Lsn.Parse(inventory.EndLsn));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
