namespace BackupFunctions.Postgres.Replication;

/// <summary>What IDENTIFY_SYSTEM answers.</summary>
/// <param name="SystemIdentifier">Digits; another one is another cluster, even with the same name and segment names.</param>
/// <param name="Timeline">The present one, from 1.</param>
/// <param name="FlushedLsn">Up to where the server's log is on its disk, bytes.</param>
/// <param name="SegmentSize">wal_segment_size, bytes.</param>
/// <param name="VersionNumber">server_version_num, for example 150020.</param>
public sealed record ReplicationSystem(string SystemIdentifier, int Timeline, ulong FlushedLsn, int SegmentSize, int VersionNumber);
