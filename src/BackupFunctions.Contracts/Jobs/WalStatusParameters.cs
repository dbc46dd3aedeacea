namespace BackupFunctions.Contracts.Jobs;

/// <summary>Looks at the archived write-ahead log of all servers, and at the servers; changes nothing.</summary>
/// <param name="RequestedBy">For the audit trail.</param>
public sealed record WalStatusParameters(string RequestedBy);
