namespace BackupFunctions.Contracts.Manifests;

/// <summary>An archived object as its receiver knows it: on the required number of targets, read back.</summary>
/// <param name="File">As PostgreSQL calls it: a segment's or a history file's name.</param>
/// <param name="Form">Whole, partial or history.</param>
/// <param name="StartLsn">Its first byte, for example 0/16000000; of a history file, where the receiver began.</param>
/// <param name="EndLsn">Behind its last byte; of a history file, where the receiver began.</param>
/// <param name="Size">Bytes of ciphertext.</param>
/// <param name="Sha256">Hex, of the ciphertext.</param>
public sealed record WalInventoryObject(string File, WalObjectForm Form, string StartLsn, string EndLsn, long Size, string Sha256);
