using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Swap;

/// <summary>The arguments of a swap or of its undoing.</summary>
internal sealed record SwapRequest(string RestoreId, string ScratchName, long ScratchOid, string LiveName, DatabaseProperties Fallback)
{
    /// <summary>What the replacement's comment must say it is: <see cref="DatabaseMarker.Scratch"/>, or to roll back <see cref="DatabaseMarker.Kept"/>.</summary>
    public string ReplacementKind { get; init; } = DatabaseMarker.Scratch;

    /// <summary>The restore that the replacement came from or was kept by.</summary>
    public string ReplacementOf { get; init; } = RestoreId;
}
