using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.Durable.Histories;

/// <summary>Histories as files, one each: the events exactly as the state database has them.</summary>
internal static class HistoryFile
{
    private const string Extension = ".json";
    private const int LongestName = 80;

    /// <summary>Replaces an older export of the same instance. Payloads are included, so the file is for its owner only.</summary>
    /// <returns>The path.</returns>
    public static string Write(string folder, StoredHistory history)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                OwnerOnly.Folder(folder);
            }

            var path = Path.Combine(folder, NameOf(history.InstanceId));
            OwnerOnly.Write(path, Encoding.UTF8.GetBytes(HistorySerializer.WriteIndented(history) + "\n"));
            return path;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"Histories cannot be written to {folder}: {cause.Message}", cause);
        }
    }

    /// <exception cref="PgdrException">The folder or a file cannot be read; names it.</exception>
    public static IEnumerable<StoredHistory> ReadAll(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(folder, "*" + Extension);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"Histories cannot be read from {folder}: {cause.Message}", cause);
        }

        return files.Length > 0
            ? files.Order(StringComparer.Ordinal).Select(Read)
            : throw new PgdrException(ErrorCodes.InvalidSettings, $"{folder} holds no histories: 'pgdr host replay --export {folder}' writes them.");
    }

    private static StoredHistory Read(string path)
    {
        try
        {
            return HistorySerializer.Read<StoredHistory>(File.ReadAllText(path));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} is no history that this version can read: {cause.Message}", cause);
        }
    }

    /// <summary>Readable, and different for different ids whatever characters they have.</summary>
    private static string NameOf(string instanceId)
    {
        var readable = new string([.. instanceId.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_').Take(LongestName)]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instanceId)))[..8];
        return $"{readable}-{hash}{Extension}";
    }
}
