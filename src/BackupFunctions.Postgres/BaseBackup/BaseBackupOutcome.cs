namespace BackupFunctions.Postgres.BaseBackup;

/// <param name="Label">Where it began.</param>
/// <param name="StopTimeline">Of <paramref name="StopLsn"/>, from 1.</param>
/// <param name="StopLsn">It is consistent here, bytes.</param>
/// <param name="Files">Taken, the manifest not counted.</param>
/// <param name="Tablespaces">Locations of further tablespaces by their oid; their files are below pg_tblspc/oid.</param>
public sealed record BaseBackupOutcome(BackupLabel Label, int StopTimeline, ulong StopLsn, int Files, IReadOnlyDictionary<long, string> Tablespaces);
