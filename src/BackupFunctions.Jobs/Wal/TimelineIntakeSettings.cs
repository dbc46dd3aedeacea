namespace BackupFunctions.Jobs.Wal;

/// <param name="Folder">Spool of this run.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="Start">The first byte of a segment.</param>
/// <param name="SegmentSize">Bytes.</param>
/// <param name="PartialInterval">How long what has arrived of a segment waits at most.</param>
/// <param name="Until">Ends when everything before this position is safe; null: ends with the data.</param>
/// <param name="Time">The clock.</param>
internal sealed record TimelineIntakeSettings(
    string Folder, int Timeline, ulong Start, int SegmentSize, TimeSpan PartialInterval, ulong? Until, TimeProvider Time);
