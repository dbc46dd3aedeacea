using System.Diagnostics;

namespace BackupFunctions.Recovery;

/// <summary>The last line a command wrote to standard error, read without waiting for its children to close it.</summary>
internal sealed class ErrorTail
{
    private volatile string? _last;

    public ErrorTail(Process process)
    {
        process.ErrorDataReceived += (_, e) => _last = string.IsNullOrWhiteSpace(e.Data) ? _last : e.Data.Trim();
        process.BeginErrorReadLine();
    }

    public string Sentence() => _last is { } line ? $": {(line.Length > 300 ? line[..300] : line)}" : string.Empty;
}
