using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Http;

/// <summary>A database's name as a part of instance ids: the name itself may hold characters that an instance id may not.</summary>
internal static class DatabaseHash
{
    public static string Of(string database) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..32];
}
