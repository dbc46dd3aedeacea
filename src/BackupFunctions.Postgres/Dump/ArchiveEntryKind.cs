namespace BackupFunctions.Postgres.Dump;

/// <summary>The entries of an archive that are treated in a way of their own.</summary>
internal enum ArchiveEntryKind
{
    Other,
    TableData,
    SequenceSet,
    Subscription,
}
