using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Tells what is one tenant's failure from what would fail all that follow.</summary>
internal static class TenantFailures
{
    private static readonly string[] OfTheRun =
    [
        ErrorCodes.ServerUnreachable, ErrorCodes.ServerRefusedLogin, ErrorCodes.CopiesMissing, ErrorCodes.DiskFull, ErrorCodes.InvalidSettings, ErrorCodes.KeyMissing,
        ErrorCodes.ToolMissing, ErrorCodes.ToolTooOld, ErrorCodes.TargetUnreachable, ErrorCodes.TargetRefused, ErrorCodes.TargetFull,
    ];

    /// <summary>Classes of error codes: connections, resources, shutdown, system.</summary>
    private static readonly string[] OfTheServer = ["08", "53", "57", "58"];

    /// <returns>Null: the run cannot go on.</returns>
    public static TenantFailure? Of(string tenant, Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case PgdrException known:
                return OfTheRun.Contains(known.Code, StringComparer.Ordinal) ? null : new TenantFailure(tenant, known.Code, known.Message);
            case PostgresException refused when !OfTheServer.Contains(refused.SqlState[..2], StringComparer.Ordinal):
                return new TenantFailure(tenant, ErrorCodes.ToolFailed, $"The server refused what tenant '{tenant}' needs ({refused.MessageText.ReplaceLineEndings(" ")}): remove that cause.");
            case NpgsqlException or IOException or OperationCanceledException:
                return null;
            default:
                // The result carries no text that nobody has looked over for secrets.
                logger.LogError(exception, "The backup of tenant {Tenant} failed unexpectedly.", tenant);
                return new TenantFailure(tenant, ErrorCodes.Unexpected, $"The backup of tenant '{tenant}' ended with an unexpected {exception.GetType().Name}: the job's log has the details.");
        }
    }
}
