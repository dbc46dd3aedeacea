using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Http;

/// <summary>One recovery per database at a time: the instance id is made from the database's name.</summary>
internal static class DisasterRecoveryInstances
{
    /// <summary>The name itself may hold characters that an instance id may not.</summary>
    public static string IdOf(string database) => $"dr-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..32]}";
}
