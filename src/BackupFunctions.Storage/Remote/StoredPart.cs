namespace BackupFunctions.Storage.Remote;

/// <summary>A part of an object as it was sent.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Md5">Of its bytes; 16 bytes.</param>
/// <param name="Id">What the store calls it: an ETag, a block id.</param>
internal sealed record StoredPart(int Number, int Size, byte[] Md5, string Id);
