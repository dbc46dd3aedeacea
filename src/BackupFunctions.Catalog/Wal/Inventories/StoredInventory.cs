using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Inventories;

/// <param name="Name">Under which it lies; it says the same.</param>
/// <param name="Inventory">Its signature was checked.</param>
/// <param name="Sha256">Of its bytes: what its successor names.</param>
internal sealed record StoredInventory(WalInventoryName Name, WalInventory Inventory, string Sha256);
