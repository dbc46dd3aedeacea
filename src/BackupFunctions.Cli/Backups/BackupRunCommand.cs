using System.CommandLine;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Configuration;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup run: a backup now, in this process. It waits for a slot like the backups of a host.</summary>
internal static class BackupRunCommand
{
    private const string Full = "full";
    private const string Base = "base";
    private const string Incremental = "incremental";
    private const string Configuration = "configuration";

    public static Command Create()
    {
        var name = new Argument<string>("database") { Description = "A database of the settings; with another --kind than full a server of the settings." };
        var kind = new Option<string>("--kind")
        {
            Description = "full: a dump of one database. base: the files of a whole server. incremental: what changed in them since the last base backup (PostgreSQL 17 and later). configuration: how a server is set up.",
            DefaultValueFactory = _ => Full,
        };
        kind.AcceptOnlyFromAmong(Full, Base, Incremental, Configuration);
        var archive = new Option<bool>("--archive") { Description = "To be kept for months (ARCHIVE_MONTHS), of a base backup with the log that it needs." };
        var tenants = new Option<string[]>("--tenant") { Description = "A tenant of the database in place of all of it; may be given several times." };
        var allTenants = new Option<bool>("--all-tenants") { Description = "Every tenant of the database, each with a backup of its own." };
        var run = RunOption();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("run", "Take a backup now.") { name, kind, archive, tenants, allTenants, run, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => result.GetValue(kind) switch
        {
            Incremental or Configuration when result.GetValue(archive) => throw new PgdrException(
                ErrorCodes.InvalidSettings, "An archive stands by itself and has data: use --kind base or full with --archive."),
            _ when result.GetValue(archive) && (result.GetValue(allTenants) || result.GetValue(tenants) is { Length: > 0 }) => throw new PgdrException(
                ErrorCodes.InvalidSettings, "An archive is of a whole database or server: leave out --archive, or the tenants."),
            var given when result.GetValue(allTenants) || result.GetValue(tenants) is { Length: > 0 } => TenantRunCommand.RunAsync(
                result.GetRequiredValue(name), result.GetValue(tenants) ?? [], result.GetValue(allTenants), result.GetValue(run), given == Full, result.GetValue(json), cancellationToken),
            _ when result.GetValue(run) is not null => throw new PgdrException(
                ErrorCodes.InvalidSettings, "--run goes on with a run of tenants: give it with --tenant or --all-tenants."),
            Base => RunBaseAsync(result.GetRequiredValue(name), result.GetValue(archive), result.GetValue(json), cancellationToken),
            Incremental => RunIncrementalAsync(result.GetRequiredValue(name), result.GetValue(json), cancellationToken),
            Configuration => RunConfigurationAsync(result.GetRequiredValue(name), result.GetValue(json), cancellationToken),
            _ => RunFullAsync(result.GetRequiredValue(name), result.GetValue(archive), result.GetValue(json), cancellationToken),
        }));
        return command;
    }

    private static Option<string?> RunOption()
    {
        var run = new Option<string?>("--run")
        {
            Description = "Names a run of tenants, of your choice: given again within 30 days, tenants that this run has backed up are left out.",
        };
        run.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { Length: > 0 and <= 100 } name || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                result.AddError("--run takes up to 100 letters, digits, '-', '_' and '.'.");
            }
        });
        return run;
    }

    private static Task<int> RunFullAsync(string database, bool archive, bool json, CancellationToken cancellationToken) => RunAsync(
        JobKinds.FullBackup,
        (environment, state) => new FullBackupJob(environment, state).RunAsync(new FullBackupParameters(database, "command line") { Archive = archive }, cancellationToken),
        backup => new TakenBackup(backup.BackupId, backup.Status, $"{backup.Tables} tables, {backup.Rows} rows", backup.PlainSize, backup.StoredSize, backup.Copies),
        json,
        cancellationToken);

    private static Task<int> RunBaseAsync(string server, bool archive, bool json, CancellationToken cancellationToken) => RunAsync(
        JobKinds.BaseBackup,
        (environment, state) => new BaseBackupJob(environment, state).RunAsync(new BaseBackupParameters(server, "command line") { Archive = archive }, cancellationToken),
        Describe,
        json,
        cancellationToken);

    /// <summary>A person who asks for one and cannot have one has to know.</summary>
    private static Task<int> RunIncrementalAsync(string server, bool json, CancellationToken cancellationToken) => RunAsync(
        JobKinds.IncrementalBackup,
        async (environment, state) =>
        {
            var taken = await new IncrementalBackupJob(environment, state).RunAsync(new IncrementalBackupParameters(server, "command line"), cancellationToken);
            return taken.Backup is null ? throw new PgdrException(ErrorCodes.InvalidSettings, taken.NotTaken!) : taken;
        },
        taken => Describe(taken.Backup!),
        json,
        cancellationToken);

    private static Task<int> RunConfigurationAsync(string server, bool json, CancellationToken cancellationToken) => RunAsync(
        JobKinds.ConfigurationBackup,
        (environment, state) => new ConfigurationBackupJob(environment, state).RunAsync(new ConfigurationBackupParameters(server, "command line"), cancellationToken),
        backup => new TakenBackup(
            backup.BackupId,
            backup.Status,
            $"configuration of server {backup.Server}, {backup.Items} files{(backup.Missing.Count > 0 ? $", {backup.Missing.Count} could not be read" : string.Empty)}",
            backup.PlainSize,
            backup.StoredSize,
            backup.Copies),
        json,
        cancellationToken);

    private static TakenBackup Describe(BaseBackupResult backup) => new(
        backup.BackupId,
        backup.Status,
        $"{backup.Files} files{(backup.ParentId is { } parent ? $", incremental to {parent}" : string.Empty)}, log {backup.StartLsn} to {backup.StopLsn}",
        backup.PlainSize,
        backup.StoredSize,
        backup.Copies);

    private static async Task<int> RunAsync<T>(
        string kind, Func<JobEnvironment, string, Task<T>> run, Func<T, TakenBackup> describe, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var result = await OwnBackup.RunAsync(settings, reporter, loggers, kind, run, cancellationToken);
        var backup = describe(result);
        if (json)
        {
            Json.Print(result, reporter.PhaseSeconds);
        }
        else
        {
            Print(backup);
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return backup.Status == BackupStatus.Verified ? ExitCodes.Done : ExitCodes.NotVerified;
    }

    private static void Print(TakenBackup backup)
    {
        Console.Out.WriteLine(
            $"{backup.BackupId} {backup.Status.ToString().ToUpperInvariant()}: {backup.What}, {Sizes.Format(backup.PlainSize)} -> {Sizes.Format(backup.StoredSize)}, "
            + $"copies on {string.Join(", ", backup.Copies.Where(copy => copy.Written).Select(copy => copy.Target))}");

        // What failed a moment ago would fail again now: a host's hourly check, or a person, finishes it.
        List<string> bad = [.. backup.Copies.Where(copy => !copy.Verified).Select(copy => $"{copy.Target} ({(copy.Written ? "not verified" : "missing")})")];
        if (bad.Count > 0)
        {
            Console.Out.WriteLine(
                $"To be finished: {string.Join(", ", bad)}. Once the cause is mended, the hourly check of a host does so, or 'pgdr backup verify {backup.BackupId} --repair'.");
        }
    }

    private sealed record TakenBackup(string BackupId, BackupStatus Status, string What, long PlainSize, long StoredSize, IReadOnlyList<CopyResult> Copies);
}
