using BackupFunctions.Contracts;

namespace BackupFunctions.Cli;

/// <summary>Turns what a command throws into one sentence and an exit code.</summary>
internal static class CommandBoundary
{
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (PgdrException e)
        {
            await Console.Error.WriteLineAsync($"pgdr: {e.Message}");
            return e.Code == ErrorCodes.InvalidSettings ? ExitCodes.Usage : ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("pgdr: cancelled.");
            return ExitCodes.Canceled;
        }
    }
}
