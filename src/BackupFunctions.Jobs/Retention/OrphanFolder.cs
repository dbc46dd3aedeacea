namespace BackupFunctions.Jobs.Retention;

/// <summary>A backup's folder without a manifest on any target: it is being written, or was killed.</summary>
/// <param name="BackupId">The folder's name.</param>
/// <param name="Targets">Where it lies.</param>
/// <param name="HasStatements">Something was stated about it, so there once was a manifest.</param>
internal sealed record OrphanFolder(string BackupId, IReadOnlyList<string> Targets, bool HasStatements);
