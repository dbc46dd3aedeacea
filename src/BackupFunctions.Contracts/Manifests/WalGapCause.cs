namespace BackupFunctions.Contracts.Manifests;

/// <summary>Why a receiver could not go on where it had stopped.</summary>
public enum WalGapCause
{
    /// <summary>The server invalidated the slot: more log than max_slot_wal_keep_size had piled up.</summary>
    SlotLost,

    /// <summary>The server has no such slot: it was dropped, or another node has taken over.</summary>
    SlotMissing,

    /// <summary>The slot stands behind what was archived: somebody else received by it or made it anew.</summary>
    SlotMoved,
}
