using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Swap;

/// <summary>The arguments of <see cref="DatabaseSwap.RunAsync"/>.</summary>
internal sealed record SwapRequest(string RestoreId, string ScratchName, long ScratchOid, string LiveName, DatabaseProperties Fallback);
