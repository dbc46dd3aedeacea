using System.Diagnostics;

namespace BackupFunctions.Recovery;

/// <summary>The last line a command wrote to standard error.</summary>
internal sealed class ErrorTail
{
    /// <summary>What is in the pipe already is read in less; children may keep it open for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _last;

    public ErrorTail(Process process)
    {
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Waits for the end of what was written, but not for children that hold on to it.</summary>
    public async Task ReadToEndAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _end.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The line read so far is the last.
        }
    }

    public string Sentence() => _last is { } line ? $": {(line.Length > 300 ? line[..300] : line)}" : string.Empty;

    /// <param name="line">Null at the end.</param>
    private void Take(string? line)
    {
        if (line is null)
        {
            _end.TrySetResult();
        }
        else if (!string.IsNullOrWhiteSpace(line))
        {
            _last = line.Trim();
        }
    }
}
