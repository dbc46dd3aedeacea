namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>Input of the step that lets a recovery begin.</summary>
/// <param name="Request">The workflow's input.</param>
/// <param name="InstanceId">The workflow's instance.</param>
/// <param name="RestoreId">This recovery's own id; another one after a restart.</param>
public sealed record RecoveryAdmission(DisasterRecoveryRequest Request, string InstanceId, string RestoreId);
