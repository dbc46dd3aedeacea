using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tools;

/// <summary>One run of a PostgreSQL tool.</summary>
/// <param name="Path">The program.</param>
/// <param name="Arguments">As they are: no shell takes part. Never a secret.</param>
public sealed record ToolCommand(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The server whose password the tool may need.</summary>
    public ServerConnection? Server { get; init; }

    /// <summary>Writes standard input, which is closed when it returns; without it the tool gets none. What it throws ends the tool.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Takes standard output; without it (and without <see cref="OutputLine"/>) the output is read and dropped.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? Output { get; init; }

    /// <summary>Takes standard output line by line, lines cut at 1 MiB.</summary>
    public Action<string>? OutputLine { get; init; }

    /// <summary>Takes standard error line by line, lines cut at 4 KiB.</summary>
    public Action<string>? ErrorLine { get; init; }

    internal string Name => System.IO.Path.GetFileName(Path);
}
