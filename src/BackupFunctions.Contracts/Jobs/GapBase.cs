namespace BackupFunctions.Contracts.Jobs;

/// <summary>A base backup that a gap in the log needs.</summary>
/// <param name="Server">Its name in the settings.</param>
/// <param name="GapId">See <see cref="Manifests.WalGap.Id"/>.</param>
public sealed record GapBase(string Server, string GapId);
