namespace BackupFunctions.Contracts.Jobs;

/// <param name="Tenant">Its id.</param>
/// <param name="ErrorCode">See <see cref="ErrorCodes"/>.</param>
/// <param name="Error">One sentence with cause and remedy.</param>
public sealed record TenantFailure(string Tenant, string ErrorCode, string Error);
