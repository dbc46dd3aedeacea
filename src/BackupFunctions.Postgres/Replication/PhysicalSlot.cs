namespace BackupFunctions.Postgres.Replication;

/// <summary>A physical replication slot as pg_replication_slots shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RestartLsn">The server keeps its log from here on, bytes; null: nothing is reserved, or the slot was invalidated.</param>
/// <param name="WalStatus">reserved, extended, unreserved or lost; null: nothing is reserved.</param>
/// <param name="Active">Somebody receives by it.</param>
/// <param name="SafeWalSize">Bytes that can be written before it is in danger of being lost; null: without limit, or lost.</param>
public sealed record PhysicalSlot(string Name, ulong? RestartLsn, string? WalStatus, bool Active, long? SafeWalSize)
{
    /// <summary>The server removed log that nobody had received yet.</summary>
    public bool IsLost => string.Equals(WalStatus, "lost", StringComparison.Ordinal);
}
