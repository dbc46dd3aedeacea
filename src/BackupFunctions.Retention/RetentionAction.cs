namespace BackupFunctions.Retention;

public enum RetentionAction
{
    Keep,

    /// <summary>Its tombstone is signed now; the data stays for the grace.</summary>
    Tombstone,

    /// <summary>Its data goes now.</summary>
    Delete,

    /// <summary>It would be tombstoned or deleted, and something stands against it.</summary>
    Blocked,
}
