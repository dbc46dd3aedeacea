using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>Tells one history from another.</summary>
internal static class HistoryDigest
{
    /// <returns>SHA-256 of the events as they are stored, in hex; the same for the same events.</returns>
    public static string Of(IEnumerable<HistoryEvent> events)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var happened in events)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(HistorySerializer.Write(happened)));
            digest.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
