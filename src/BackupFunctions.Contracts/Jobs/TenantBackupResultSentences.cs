using System.Globalization;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>A result of which some tenants failed, as the failure of its job.</summary>
public static class TenantBackupResultSentences
{
    private const int Shown = 5;

    /// <returns>The same result.</returns>
    /// <exception cref="PgdrException">tenant.failed naming tenants and the first cause; the cause's own code where one tenant alone was asked for.</exception>
    public static TenantBackupResult OrFailure(this TenantBackupResult result)
    {
        if (result.Failed == 0)
        {
            return result;
        }

        var first = result.Failures[0];
        throw result.Tenants == 1
            ? new PgdrException(first.ErrorCode, first.Error)
            : new PgdrException(
                ErrorCodes.TenantsFailed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Failed} of {result.Tenants} tenants of '{result.Database}' failed ({string.Join(", ", result.Failures.Take(Shown).Select(failure => failure.Tenant))}{(result.Failed > Shown ? ", …" : string.Empty)}), {result.Verified + result.Completed} are backed up; the first cause: {first.Error}"));
    }
}
