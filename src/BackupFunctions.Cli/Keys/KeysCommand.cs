using System.CommandLine;
using BackupFunctions.Archive.Keys;

namespace BackupFunctions.Cli.Keys;

internal static class KeysCommand
{
    public static Command Create() => new("keys", "Make keys.") { CreateNew() };

    private static Command CreateNew()
    {
        var folder = new Argument<string>("folder") { Description = "Where the files go; existing files are never replaced." };
        var command = new Command("new", "Make the operational, recovery and signing keys and the recovery file.") { folder };
        command.SetAction((result, _) => CommandBoundary.RunAsync(result, () =>
        {
            var created = KeyFiles.Create(result.GetRequiredValue(folder));
            foreach (var path in created)
            {
                Console.Out.WriteLine(path);
            }

            Console.Error.WriteLine(
                $"Move {KeyFiles.RecoveryPrivate} and {KeyFiles.Recovery} to a safe place away from this machine: with storage they are all that a recovery needs.");
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }
}
