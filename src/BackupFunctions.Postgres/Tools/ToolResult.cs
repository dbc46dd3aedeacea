namespace BackupFunctions.Postgres.Tools;

/// <param name="ExitCode">128 + number for a signal.</param>
/// <param name="FirstError">The first line of standard error that tells an error; null when there is none.</param>
public sealed record ToolResult(int ExitCode, string? FirstError);
