namespace BackupFunctions.Postgres.Tools;

/// <summary>A tool does not read its standard input any more.</summary>
internal sealed class ToolInputClosedException(IOException cause) : Exception("The tool closed its standard input.", cause);
