namespace BackupFunctions.Jobs.Wal.Inventories;

/// <summary>How often an inventory is written.</summary>
/// <param name="Objects">As soon as so many have been archived since the last one.</param>
/// <param name="Interval">When so much time has passed since the last one, whether anything was archived or not: what is covered grows.</param>
internal sealed record InventoryPace(int Objects, TimeSpan Interval)
{
    /// <summary>288 documents a day from an idle server, and one for each 2 GiB of log from a busy one.</summary>
    public static InventoryPace Default { get; } = new(128, TimeSpan.FromMinutes(5));
}
