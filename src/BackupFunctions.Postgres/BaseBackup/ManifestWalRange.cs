using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>Where a base backup ends, as the end of backup_manifest says (documentation of PostgreSQL, "Backup Manifest Format").</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="EndLsn">It is consistent here, bytes.</param>
internal sealed record ManifestWalRange(int Timeline, ulong EndLsn)
{
    private static readonly byte[] Member = Encoding.ASCII.GetBytes("\"WAL-Ranges\":");

    /// <param name="tail">The end of the document.</param>
    /// <exception cref="PgdrException">manifest.format-unknown</exception>
    public static ManifestWalRange Parse(ReadOnlySpan<byte> tail)
    {
        var at = tail.LastIndexOf(Member);
        ManifestWalRange? last = null;
        try
        {
            if (at >= 0)
            {
                var reader = new Utf8JsonReader(tail[(at + Member.Length)..], isFinalBlock: false, default);
                using var ranges = JsonDocument.ParseValue(ref reader);
                foreach (var range in ranges.RootElement.EnumerateArray())
                {
                    var end = LogPosition.TryParse(range.GetProperty("End-LSN"u8).GetString()!, out var lsn) ? lsn : throw new JsonException();
                    last = last is null || end > last.EndLsn ? new ManifestWalRange(range.GetProperty("Timeline"u8).GetInt32(), end) : last;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            last = null;
        }

        return last ?? throw new PgdrException(ErrorCodes.FormatUnknown, "The end of the server's backup_manifest cannot be read: use a newer pgdr.");
    }
}
