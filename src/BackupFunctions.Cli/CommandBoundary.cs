using System.CommandLine;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli;

/// <summary>Turns what a command throws into one sentence and an exit code.</summary>
internal static class CommandBoundary
{
    private const string DebugVariable = "PGDR_DEBUG";

    /// <summary>On every command.</summary>
    public static Option<bool> Debug { get; } = new("--debug")
    {
        Description = $"Show the details of errors, also with {DebugVariable}=1.",
        Recursive = true,
    };

    public static async Task<int> RunAsync(ParseResult result, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("pgdr: cancelled.");
            return ExitCodes.Canceled;
        }
        catch (Exception e)
        {
            var debug = result.GetValue(Debug) || Environment.GetEnvironmentVariable(DebugVariable) is "1";
            await Console.Error.WriteLineAsync($"pgdr: {Sentence(e, debug)}");
            if (debug)
            {
                await Console.Error.WriteLineAsync(e.ToString());
            }

            return e is PgdrException { Code: ErrorCodes.InvalidSettings } ? ExitCodes.Usage : ExitCodes.Failed;
        }
    }

    /// <summary>What nobody has looked over for secrets is shown on request only.</summary>
    private static string Sentence(Exception exception, bool debug) => exception is PgdrException known
        ? known.Message
        : $"an unexpected {exception.GetType().Name} ended the command; {(debug ? "the details follow." : $"run it again with --debug or {DebugVariable}=1 for the details.")}";
}
