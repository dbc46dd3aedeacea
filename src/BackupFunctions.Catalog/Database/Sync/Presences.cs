namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>Whether a backup is there, as far as targets could be asked: the view current_backups looks at those that are away.</summary>
internal static class Presences
{
    public const string Present = "PRESENT";

    /// <summary>Its data was deleted on purpose, and statements say so.</summary>
    public const string Deleted = "DELETED";

    /// <summary>No target has it, all of them were asked, and nobody deleted it.</summary>
    public const string Lost = "LOST";
}
