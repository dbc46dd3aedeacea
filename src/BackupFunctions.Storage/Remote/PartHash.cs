using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace BackupFunctions.Storage.Remote;

/// <summary>MD5 as S3 and Azure check it on receipt (Content-MD5).</summary>
[SuppressMessage("Security", "CA5351", Justification = "The checksum of the protocols, not a means of security: manifests carry SHA-256.")]
internal static class PartHash
{
    public static byte[] Of(PartBuffer content) => MD5.HashData(content.Bytes.AsSpan(0, content.Count));

    public static IncrementalHash Begin() => IncrementalHash.CreateHash(HashAlgorithmName.MD5);
}
