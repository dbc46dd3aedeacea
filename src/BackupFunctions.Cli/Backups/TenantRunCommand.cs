using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Tenants;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup run --tenant X or --all-tenants: backups of tenants now, in this process.</summary>
internal static class TenantRunCommand
{
    /// <param name="database">Of the settings.</param>
    /// <param name="tenants">Their ids; empty with <paramref name="all"/>.</param>
    /// <param name="all">Every tenant.</param>
    /// <param name="run">Names the run, to go on with it; null: a new one.</param>
    /// <param name="isDump">No other kind of backup was asked for.</param>
    /// <param name="json">Print the result as JSON.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(string database, IReadOnlyList<string> tenants, bool all, string? run, bool isDump, bool json, CancellationToken cancellationToken)
    {
        if (!isDump || (all && tenants.Count > 0))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, isDump ? "Give --tenant or --all-tenants, not both." : "Tenants are backed up by themselves: leave --kind out, or the tenants.");
        }

        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        run ??= $"cli-{Guid.NewGuid():N}";
        TenantBackupResult result;
        try
        {
            result = await OwnBackup.RunAsync(
                settings,
                reporter,
                loggers,
                JobKinds.TenantBackup,
                (environment, state) => new TenantBackupJob(environment, state)
                    .RunAsync(new TenantBackupParameters(database, "command line", all ? null : tenants, run), cancellationToken),
                cancellationToken);
        }
        catch when (reporter.PhaseSeconds.ContainsKey(JobPhases.Tenants))
        {
            Console.Error.WriteLine($"The same command with --run {run} leaves out the tenants that are done.");
            throw;
        }

        if (json)
        {
            Json.Print(result, reporter.PhaseSeconds);
        }
        else
        {
            Print(result);
        }

        if (result.Failed > 0)
        {
            Console.Error.WriteLine($"Once the causes are mended, the same command with --run {run} backs up those that failed alone.");
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return result.Failed > 0 ? ExitCodes.Failed : result.Completed > 0 ? ExitCodes.NotVerified : ExitCodes.Done;
    }

    private static void Print(TenantBackupResult result)
    {
        foreach (var backup in result.Backups)
        {
            Console.Out.WriteLine(
                $"{backup.BackupId} {backup.Status.ToString().ToUpperInvariant()}: tenant {backup.Tenant}, {backup.Rows} rows, {Sizes.Format(backup.PlainSize)} -> {Sizes.Format(backup.StoredSize)}"
                + (backup.StatusReason is { } why ? $"; {why}" : string.Empty));
        }

        if (result.Verified + result.Completed > result.Backups.Count)
        {
            Console.Out.WriteLine($"and {result.Verified + result.Completed - result.Backups.Count} more: 'pgdr backup list --database {result.Database}'");
        }

        foreach (var failure in result.Failures)
        {
            Console.Out.WriteLine($"FAILED: tenant {failure.Tenant}: {failure.Error}");
        }

        Console.Out.WriteLine(
            $"{result.Tenants} {(result.Tenants == 1 ? "tenant" : "tenants")}: {result.Verified} verified, {result.Completed} not verified, {result.Failed} failed"
            + (result.TakenBefore > 0 ? $", {result.TakenBefore} of them before this command" : string.Empty)
            + $"; {result.Rows} rows, {Sizes.Format(result.PlainSize)} -> {Sizes.Format(result.StoredSize)}");
    }
}
