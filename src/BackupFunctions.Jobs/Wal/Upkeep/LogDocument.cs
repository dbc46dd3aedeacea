using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>An epoch's document or an inventory.</summary>
/// <param name="Name">For people, below the server's folder.</param>
/// <param name="Key">The document.</param>
/// <param name="SignatureKey">Its signature.</param>
/// <param name="LargestSize">Bytes; more is not read.</param>
/// <param name="Check">Throws when a document is none, or its signature does not go with it.</param>
/// <param name="Lacking">Targets that do not list it, or not its signature.</param>
internal sealed record LogDocument(string Name, string Key, string SignatureKey, int LargestSize, Action<byte[], byte[]> Check, IReadOnlyList<IStorageTarget> Lacking);
