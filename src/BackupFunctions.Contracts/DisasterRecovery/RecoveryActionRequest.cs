namespace BackupFunctions.Contracts.DisasterRecovery;

/// <param name="Kind">Which of the configured actions.</param>
/// <param name="Database">The recovered database.</param>
/// <param name="Server">The server it now lives on.</param>
/// <param name="RestoreId">The same for every delivery of the same recovery: a receiver can tell a repetition.</param>
public sealed record RecoveryActionRequest(RecoveryActionKind Kind, string Database, string Server, string RestoreId);
