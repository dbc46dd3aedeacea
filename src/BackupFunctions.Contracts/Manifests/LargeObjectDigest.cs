namespace BackupFunctions.Contracts.Manifests;

/// <summary>All large objects together: count, bytes and the order-independent sum of the digests of their blocks.</summary>
/// <param name="Count">Large objects.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Digest">32 hex digits.</param>
public sealed record LargeObjectDigest(long Count, long Bytes, string Digest);
