using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>Makes and hashes keys.</summary>
internal static class KeyGenerator
{
    private const int RandomBytes = 40;

    /// <summary>40 random bytes, Base64url.</summary>
    public static string Next() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static string Hash(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
