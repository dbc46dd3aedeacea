namespace BackupFunctions.Contracts.Merges;

/// <summary>Input of the step that lets a merge begin.</summary>
/// <param name="Request">The workflow's input.</param>
/// <param name="InstanceId">The workflow's instance.</param>
/// <param name="RestoreId">This merge's own id; another one after a restart.</param>
public sealed record MergeAdmission(MergeRestoreRequest Request, string InstanceId, string RestoreId);
