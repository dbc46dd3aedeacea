using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Slots;
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
        var runId = $"cli-{Guid.NewGuid():N}";
        run ??= runId;
        var state = Path.Combine(settings.RunStorePath, runId);
        TenantBackupResult result;
        try
        {
            var slots = new JobSlots(settings.RunStorePath, settings.JobLimit, TimeProvider.System);
            using var slot = await slots.EnterAsync(JobPriorities.Of(JobKinds.TenantBackup), runId, () => reporter.Phase(JobPhases.Waiting), cancellationToken);
            result = await new TenantBackupJob(JobEnvironments.Create(settings, reporter, loggers), state)
                .RunAsync(new TenantBackupParameters(database, "command line", all ? null : tenants, run), cancellationToken);
        }
        catch when (reporter.PhaseSeconds.ContainsKey("prepare"))
        {
            // That phase is over: some tenants may be done.
            reporter.Finish();
            Console.Error.WriteLine($"The same command with --run {run} leaves out the tenants that are done.");
            throw;
        }
        finally
        {
            reporter.Finish();
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true);
            }
        }

        if (json)
        {
            Json.Print(result, reporter.PhaseSeconds);
        }
        else
        {
            Print(result, run);
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return result.Failed > 0 ? ExitCodes.Failed : result.Completed > 0 ? ExitCodes.NotVerified : ExitCodes.Done;
    }

    private static void Print(TenantBackupResult result, string run)
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

        if (result.Failed > 0)
        {
            Console.Out.WriteLine($"Once the causes are mended, the same command with --run {run} backs up those that failed alone.");
        }

        Console.Out.WriteLine(
            $"{result.Tenants} {(result.Tenants == 1 ? "tenant" : "tenants")}: {result.Verified} verified, {result.Completed} not verified, {result.Failed} failed"
            + (result.TakenBefore > 0 ? $", {result.TakenBefore} of them before this command" : string.Empty)
            + $"; {result.Rows} rows, {Sizes.Format(result.PlainSize)} -> {Sizes.Format(result.StoredSize)}");
    }
}
