namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Whether a backup is there.</summary>
internal static class Presences
{
    public const string Present = "PRESENT";

    /// <summary>Its data was deleted on purpose, and statements say so.</summary>
    public const string Deleted = "DELETED";

    /// <summary>No target has it, all of them were asked, and nobody deleted it.</summary>
    public const string Lost = "LOST";

    /// <summary>Only targets that are away had it.</summary>
    public const string Unknown = "UNKNOWN";
}
