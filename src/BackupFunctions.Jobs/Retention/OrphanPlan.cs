namespace BackupFunctions.Jobs.Retention;

/// <param name="Going">Folders to remove.</param>
/// <param name="Problems">Why others are not removed, a sentence each.</param>
internal sealed record OrphanPlan(IReadOnlyList<OrphanFolder> Going, IReadOnlyList<string> Problems);
