using System.Text.RegularExpressions;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Tools;

/// <summary>One sentence from what a tool printed. Never its "Command was:" part: a statement may hold a password.</summary>
internal static partial class ToolFailure
{
    public static PgdrException Explain(ToolCommand command, ToolResult result)
    {
        var cause = result.FirstError?.Trim().TrimEnd('.') ?? $"exit code {result.ExitCode}";
        var (code, remedy) = cause switch
        {
            _ when Has(cause, "No space left on device") => (ErrorCodes.DiskFull, "free some space or choose another folder"),
            _ when Has(cause, "password authentication failed") || Has(cause, "no password supplied") =>
                (ErrorCodes.ServerRefusedLogin, "check user, password and pg_hba.conf"),
            _ when Has(cause, "permission denied") || Has(cause, "must be owner") || Has(cause, "must be superuser") =>
                (ErrorCodes.PermissionMissing, "grant that right or use a role that has it"),
            _ when Has(cause, "row-level security") => (ErrorCodes.PermissionMissing, "give the role BYPASSRLS"),
            _ when Has(cause, "connection to server") => (ErrorCodes.ServerUnreachable, "check that the server runs and can be reached"),
            _ => (ErrorCodes.ToolFailed, "remove that cause and run it again"),
        };
        var server = command.Server is { } known ? $" on server {known.Endpoint}" : "";
        return new PgdrException(code, $"{command.Name}{server} failed ({cause}); {remedy}.");
    }

    /// <summary>
    /// <c>pg_restore: error: ...</c>; verbose output names objects, which may be called anything. The tools write a line in pieces, so two
    /// workers that fail at once make <c>pg_dump:pg_dump:  error: error: ...</c> of theirs. psql says <c>psql:&lt;stdin&gt;:12: ERROR:  ...</c>.
    /// </summary>
    public static bool IsError(string line) => ErrorLine().IsMatch(line);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    [GeneratedRegex("^(([a-z_]+: *)*error: |psql:<stdin>:[0-9]+: (ERROR|FATAL): )", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorLine();
}
