using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// Entries of a dump about subscriptions, from pg_restore through this process to psql: connection strings may hold passwords, so they
/// stand in no argument and no file, and of an error of the server only its SQLSTATE is told.
/// </summary>
internal sealed partial class SubscriptionScripts(PgTools tools, ServerConnection server, string folder, string database, RestoreWay way)
{
    /// <summary>The answer when there is a subscription of that name.</summary>
    public string Duplicate => Refusal(PostgresErrorCodes.DuplicateObject);

    /// <param name="entries">Of the dump.</param>
    /// <param name="change">What is run instead; null: nothing, what pg_restore wrote is not what was expected.</param>
    /// <param name="stopAtErrors">Else the statements after one that fails run, too.</param>
    /// <param name="cancellationToken">Ends both tools.</param>
    /// <returns>Null: done; else why not, free of what was run.</returns>
    public async Task<string?> RunAsync(
        IReadOnlyList<ArchiveEntry> entries, Func<string, string?> change, bool stopAtErrors, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return null;
        }

        if (change(await ArchiveScript.ReadAsync(tools, folder, entries, way, cancellationToken)) is not { } script)
        {
            return "its statement in the dump cannot be read";
        }

        var result = await PgToolRunner.RunAsync(
            new ToolCommand(
                tools.Psql,
                [
                    "--no-psqlrc", "--quiet", "--no-password", "--set=VERBOSITY=sqlstate", "--set=ON_ERROR_STOP=" + (stopAtErrors ? "1" : "0"),
                    "--dbname=" + ConnectionInfo.For(server, database), "--file=-",
                ])
            {
                Server = server,
                Input = (input, token) => WriteAsync(input, script, token),
            },
            cancellationToken);
        return result.ExitCode == 0 ? null : SqlState(result.FirstError) ?? $"psql ended with exit code {result.ExitCode}";
    }

    private static async Task WriteAsync(Stream input, string script, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(Encoding.Latin1.GetBytes(script), cancellationToken);
        }
        catch (IOException e)
        {
            throw new ToolInputClosedException(e);
        }
    }

    private string? SqlState(string? error) =>
        error is not null && StateOnly().Match(error) is { Success: true } match ? Refusal(match.Groups["state"].Value) : null;

    private string Refusal(string state) => $"server '{server.Name}' refuses it with SQLSTATE {state}";

    /// <summary>What psql writes with VERBOSITY=sqlstate.</summary>
    [GeneratedRegex("(ERROR|FATAL):  (?<state>[0-9A-Z]{5})$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex StateOnly();
}
