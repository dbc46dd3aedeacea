using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Configuration;
using BackupFunctions.Postgres.Files;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Cli.Configuration;

/// <summary>pgdr config diff: what differs between a configuration backup and the server as it is now, to read and to apply by hand.</summary>
internal static class ConfigDiffCommand
{
    private const string WorkPrefix = "pgdr-config-";

    /// <summary>Of diff(1): 0 equal, 1 different, more: trouble.</summary>
    private const int Different = 1;

    public static Command Create()
    {
        var backup = new Argument<string>("backup") { Description = "A backup of kind configuration; 'pgdr backup list' shows them." };
        var server = new Option<string?>("--server") { Description = "The server of the settings to compare with; that of the backup." };
        var recoveryFile = new Option<string?>("--recovery-file") { Description = "Read keys from a recovery file instead of the settings." };
        var command = new Command("diff", "Show how a server differs from a configuration backup of it. Changes nothing. Exit code 0 also when there are differences.")
        {
            backup, server, recoveryFile,
        };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(
            result.GetRequiredValue(backup), result.GetValue(server), result.GetValue(recoveryFile), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string backup, string? server, string? recoveryFile, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(settings, new SilentReporter(), loggers);
        using var reader = BackupReaders.Open(environment, recoveryFile);
        PrivateFolder.SweepStale(settings.WorkPath, WorkPrefix);
        using var work = PrivateFolder.Create(settings.WorkPath, WorkPrefix);
        var (then, now) = (Path.Combine(work.Path, "backup"), Path.Combine(work.Path, "server"));
        var stored = new StoredConfiguration(environment, reader);
        var (manifest, _) = await stored.ExtractAsync(backup, then, cancellationToken);
        var missing = await stored.ReadPresentAsync(server ?? manifest.ConfigurationOf!, now, cancellationToken);
        foreach (var sentence in missing)
        {
            await Console.Error.WriteLineAsync($"pgdr: {sentence}");
        }

        var same = await ShowAsync(work.Path, cancellationToken);
        Console.Out.WriteLine(same ? "No difference." : $"--- as backed up at {manifest.SnapshotAt:u}, +++ as it is now");
        return ExitCodes.Done;
    }

    /// <summary>The tokens of \restrict are random.</summary>
    private static async Task<bool> ShowAsync(string folder, CancellationToken cancellationToken)
    {
        var result = await PgToolRunner.RunAsync(
            new ToolCommand("diff", ["--recursive", "--unified=0", "--new-file", "--ignore-matching-lines=^\\\\\\(un\\)\\?restrict ", Path.Combine(folder, "backup"), Path.Combine(folder, "server")])
            {
                OutputLine = line =>
                {
                    // Its own command line, before each file; lines of files begin with a sign.
                    if (!line.StartsWith("diff ", StringComparison.Ordinal))
                    {
                        Plain.WriteLine(line.Replace(folder + "/", string.Empty, StringComparison.Ordinal).Replace("\t", "    ", StringComparison.Ordinal));
                    }
                },
            },
            cancellationToken);
        return result.ExitCode <= Different
            ? result.ExitCode == 0
            : throw new PgdrException(ErrorCodes.ToolFailed, "diff failed; install the package diffutils, or use 'pgdr config extract' and compare by hand.");
    }
}
