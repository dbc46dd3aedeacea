using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Jobs.Configuration;

namespace BackupFunctions.Cli.Configuration;

/// <summary>pgdr config extract: a configuration backup as files in a new folder.</summary>
internal static class ConfigExtractCommand
{
    public static Command Create()
    {
        var backup = new Argument<string>("backup") { Description = "A backup of kind configuration; 'pgdr backup list' shows them." };
        var folder = new Argument<string>("folder") { Description = "A new or empty folder; for this account only, for what it gets may hold secrets." };
        var recoveryFile = new Option<string?>("--recovery-file") { Description = "Read keys from a recovery file instead of the settings." };
        var command = new Command("extract", "Write a configuration backup into a folder.") { backup, folder, recoveryFile };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(
            result.GetRequiredValue(backup), result.GetRequiredValue(folder), result.GetValue(recoveryFile), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string backup, string folder, string? recoveryFile, CancellationToken cancellationToken)
    {
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), new SilentReporter(), loggers);
        using var reader = BackupReaders.Open(environment, recoveryFile);
        var (manifest, files) = await new StoredConfiguration(environment, reader).ExtractAsync(backup, folder, cancellationToken);
        Console.Out.WriteLine($"{files} files of the {manifest.Subject} at {manifest.SnapshotAt:u} are in {Path.GetFullPath(folder)}");
        return ExitCodes.Done;
    }
}
