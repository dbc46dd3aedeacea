using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>The file backup_label (xlogbackup.c, build_backup_content).</summary>
/// <param name="Label">As it was asked for.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="StartLsn">Redo location of the start checkpoint, bytes.</param>
/// <param name="CheckpointLsn">Bytes.</param>
public sealed partial record BackupLabel(string Label, int Timeline, ulong StartLsn, ulong CheckpointLsn)
{
    /// <exception cref="PgdrException">manifest.format-unknown</exception>
    public static BackupLabel Parse(byte[] content)
    {
        var match = Shape().Match(Encoding.UTF8.GetString(content));
        return match.Success
            && LogPosition.TryParse(match.Groups["start"].Value, out var start)
            && LogPosition.TryParse(match.Groups["checkpoint"].Value, out var checkpoint)
            && int.TryParse(match.Groups["timeline"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var timeline)
            ? new BackupLabel(match.Groups["label"].Value, timeline, start, checkpoint)
            : throw new PgdrException(ErrorCodes.FormatUnknown, "The server's backup_label cannot be read: use a newer pgdr.");
    }

    [GeneratedRegex(
        @"\ASTART WAL LOCATION: (?<start>\S+) \(file \w+\)\nCHECKPOINT LOCATION: (?<checkpoint>\S+)\n(.*\n)*?LABEL: (?<label>.*)\nSTART TIMELINE: (?<timeline>\d+)\n",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Shape();
}
