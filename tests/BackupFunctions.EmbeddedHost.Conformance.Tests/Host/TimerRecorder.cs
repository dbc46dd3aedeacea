using System.Threading.Channels;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

/// <summary>What the timer functions did, in order.</summary>
public sealed class TimerRecorder
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private int _attempts;

    public int NextAttempt() => Interlocked.Increment(ref _attempts);

    public void Add(string line) => _lines.Writer.TryWrite(line);

    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _lines.Reader.ReadAsync(limit.Token);
    }
}
