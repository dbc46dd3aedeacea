namespace BackupFunctions.Contracts.Manifests;

/// <param name="Path">Below the data directory, for example base/5.</param>
/// <param name="Mode">Unix permissions, octal, for example 0700.</param>
public sealed record BaseEntry(string Path, string Mode);
