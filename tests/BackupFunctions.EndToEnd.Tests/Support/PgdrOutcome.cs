namespace BackupFunctions.EndToEnd.Tests.Support;

internal sealed record PgdrOutcome(int ExitCode, string Output, string Error);
