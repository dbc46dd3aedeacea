using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Jobs.Wal.Gaps;

/// <summary>The slot that a receiver has on the server: made when it is missing, made anew when the server has invalidated it.</summary>
internal sealed class ReceiverSlot(JobEnvironment environment, ServerConnection server)
{
    private readonly string _name = environment.Settings.Wal.Slot;

    /// <summary>Why the present slot was made; null: it was there.</summary>
    public WalGapCause? MadeBecause { get; private set; }

    /// <returns>The slot; log is reserved from its position on.</returns>
    /// <exception cref="PgdrException">replication.refused: it would keep log without a limit, or there is no room for it; or as a connection.</exception>
    public async Task<PhysicalSlot> EnsureAsync(CancellationToken cancellationToken)
    {
        var slot = await PhysicalSlots.FindAsync(server, _name, cancellationToken);
        if (slot is { IsLost: true })
        {
            environment.Reporter.Warn($"CRITICAL: server '{server.Name}' has removed log that slot {_name} had not received (max_slot_wal_keep_size): a new slot is made.");
            await PhysicalSlots.DropAsync(server, _name, cancellationToken);
            MadeBecause = WalGapCause.SlotLost;
            slot = null;
        }

        if (slot is null)
        {
            await RequireLimitAsync(cancellationToken);
            MadeBecause ??= WalGapCause.SlotMissing;
            await PhysicalSlots.CreateAsync(server, _name, cancellationToken);
            environment.Reporter.Detail($"slot {_name} made on server '{server.Name}'");
            slot = await PhysicalSlots.FindAsync(server, _name, cancellationToken);
        }

        return slot ?? throw new PgdrException(
            ErrorCodes.ReplicationRefused, $"Slot {_name} of server '{server.Name}' went away as soon as it was made: look who drops it.");
    }

    /// <summary>What was made because of a gap has its log: the next gap has another cause.</summary>
    public void Begun() => MadeBecause = null;

    /// <summary>A slot whose receiver is gone keeps log until the disk is full, and the server stops: only who says so gets one without a limit.</summary>
    private async Task RequireLimitAsync(CancellationToken cancellationToken)
    {
        if (!environment.Settings.Wal.UnlimitedSlot && await PhysicalSlots.LimitAsync(server, cancellationToken) is null)
        {
            throw new PgdrException(
                ErrorCodes.ReplicationRefused,
                $"Server '{server.Name}' would keep log for a slot until its disk is full (max_slot_wal_keep_size is -1): run ALTER SYSTEM SET max_slot_wal_keep_size = '20GB'; SELECT pg_reload_conf(); "
                + "or set WAL_SLOT_UNLIMITED to true.");
        }
    }
}
