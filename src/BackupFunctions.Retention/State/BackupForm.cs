namespace BackupFunctions.Retention.State;

public enum BackupForm
{
    /// <summary>A dump of one database, or of a part of it: complete by itself.</summary>
    Logical,

    /// <summary>A base of a whole server: write-ahead log goes on from it.</summary>
    Base,
}
