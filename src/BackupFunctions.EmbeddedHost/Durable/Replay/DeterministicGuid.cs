using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>Name-based ids, RFC 9562 version 5, in the namespace that the Durable Task SDK uses.</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = Guid.Parse("9e952958-5e33-4daf-827f-2fa12937b875");

    public static Guid Create(string name)
    {
        byte[] input = [.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
#pragma warning disable CA5350 // RFC 9562 version 5 is SHA-1; nothing is protected by it.
        var bytes = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x50);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
