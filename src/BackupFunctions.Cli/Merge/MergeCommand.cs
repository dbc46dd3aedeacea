using System.CommandLine;
using System.Text.Json;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Cli.Merge;

/// <summary>pgdr merge: rows of a backup into a database that goes on. Counts of rows are shown, never what is in them.</summary>
internal static class MergeCommand
{
    public static Command Create() => new("merge", "Bring back missing or changed rows from a backup, and keep the rest.") { Plan(), Apply() };

    private static Command Plan()
    {
        var options = new MergeOptions();
        var command = new Command("plan", "Show by table what a merge would do; nothing is written.");
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(
            result, () => RunAsync(options, result, options.Read(result, apply: false, undo: false), cancellationToken)));
        return command;
    }

    private static Command Apply()
    {
        var options = new MergeOptions();
        var confirm = new Option<string?>("--confirm") { Description = "Repeat the database's name: its rows are changed." };
        var noUndo = new Option<bool>("--no-undo") { Description = "Take no backup of the database beforehand: then nothing undoes the merge." };
        var command = new Command("apply", "Merge: a backup of the database first, then one transaction, or one for each tenant.") { confirm, noUndo };
        options.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
        {
            var name = options.Database(result);
            return string.Equals(result.GetValue(confirm), name, StringComparison.Ordinal)
                ? RunAsync(options, result, options.Read(result, apply: true, undo: !result.GetValue(noUndo)), cancellationToken)
                : throw new PgdrException(ErrorCodes.InvalidSettings, $"A merge changes rows of database '{name}': repeat its name with --confirm to go on.");
        }));
        return command;
    }

    private static async Task<int> RunAsync(MergeOptions options, ParseResult result, MergeRestoreRequest request, CancellationToken cancellationToken)
    {
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), reporter, loggers);
        using var reader = BackupReaders.Open(environment, result.GetValue(options.RecoveryFile));
        MergeRestoreReport report;
        try
        {
            report = await new MergeSession(environment, reader, reporter).RunAsync(request, cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }

        if (result.GetValue(options.Output) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(report, ContractJson.Indented) + "\n", cancellationToken);
        }

        if (result.GetValue(options.Json))
        {
            Json.Print(report, reporter.PhaseSeconds);
        }
        else
        {
            MergeView.Print(report, request.Apply);
        }

        return report.Success ? ExitCodes.Done : ExitCodes.Failed;
    }
}
