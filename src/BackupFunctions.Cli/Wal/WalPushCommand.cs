using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Jobs.Wal.Push;

namespace BackupFunctions.Cli.Wal;

/// <summary>
/// pgdr wal push %p: for a server's archive_command. 0 only when the file is durable; otherwise a code that makes PostgreSQL try again and
/// say so: above 125 its archiver would take the command for killed.
/// </summary>
internal static class WalPushCommand
{
    private const int LargestRetried = 125;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "%p: the file to archive, below the data directory." };
        var data = new Option<string>("--pgdata") { Description = "The server's data directory; default: the current folder, which is it in archive_command.", DefaultValueFactory = _ => "." };
        var state = new Option<string?>("--state") { Description = "A folder that remembers what is durable, one for each server; default: wal-push in WORK_PATH." };
        var jobs = new Option<int>("--jobs") { Description = "Files archived at a time; default: one for each processor.", DefaultValueFactory = _ => new WalPushOptions().Jobs };
        var files = new Option<int>("--files") { Description = "Files that one call takes on at most, of those that wait; 1: only this one.", DefaultValueFactory = _ => new WalPushOptions().Files };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        AtLeastOne(jobs);
        AtLeastOne(files);
        var command = new Command("push", "Archive a file of the log and those that wait with it, for archive_command = 'pgdr wal push %p'.") { path, data, state, jobs, files, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new WalPushOptions { Jobs = result.GetValue(jobs), Files = result.GetValue(files) };
            var code = await CommandBoundary.RunAsync(result, () =>
                RunAsync(result.GetRequiredValue(path), result.GetRequiredValue(data), result.GetValue(state), options, result.GetValue(json), cancellationToken));
            return code <= LargestRetried ? code : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, string data, string? state, WalPushOptions options, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(settings, new SilentReporter(), loggers);
        var pushed = await WalPush.RunAsync(environment, data, path, state ?? Path.Combine(settings.WorkPath, "wal-push"), options, cancellationToken);
        if (json)
        {
            Json.Print(pushed);
        }

        foreach (var (target, cause) in pushed.FailedTargets)
        {
            await Console.Error.WriteLineAsync($"pgdr: target {target} misses log: {cause}");
        }

        return ExitCodes.Done;
    }

    private static void AtLeastOne(Option<int> option) => option.Validators.Add(given =>
    {
        if (given.GetValueOrDefault<int>() < 1)
        {
            given.AddError($"{option.Name} takes a whole number from 1.");
        }
    });
}
