using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Restore.Physical.Delta;

/// <summary>
/// The files of a backup_manifest (documentation of PostgreSQL, "Backup Manifest Format"). Read line by line, since the server writes one
/// file a line (backup_manifest.c, AddFileToBackupManifest) and there may be millions.
/// </summary>
internal static class ServerFileList
{
    private const string Entry = "{ \"";

    /// <param name="manifest">Authentic.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">manifest.format-unknown</exception>
    public static async IAsyncEnumerable<ServerFile> ReadAsync(Stream manifest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(manifest, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var inFiles = false;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("\"Files\":", StringComparison.Ordinal))
            {
                inFiles = true;
            }
            else if (line.StartsWith(']'))
            {
                yield break;
            }
            else if (inFiles && line.StartsWith(Entry, StringComparison.Ordinal))
            {
                yield return Parse(line.TrimEnd().TrimEnd(','));
            }
        }

        throw Unknown(cause: null);
    }

    private static ServerFile Parse(string line)
    {
        try
        {
            var item = JsonSerializer.Deserialize<Item>(line)!;
            var path = item.Path ?? Encoding.UTF8.GetString(Convert.FromHexString(item.EncodedPath!));
            return DumpPaths.IsValid(path)
                ? new ServerFile(path, item.Size, item.Algorithm is "CRC32C" ? item.Checksum : null)
                : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentNullException)
        {
            throw Unknown(e);
        }
    }

    private static PgdrException Unknown(Exception? cause) =>
        new(ErrorCodes.FormatUnknown, "The server's backup_manifest cannot be read: restore into a new directory, or use a newer pgdr.", cause);

    private sealed record Item(
        string? Path,
        [property: JsonPropertyName("Encoded-Path")] string? EncodedPath,
        long Size,
        [property: JsonPropertyName("Checksum-Algorithm")] string? Algorithm,
        string? Checksum);
}
