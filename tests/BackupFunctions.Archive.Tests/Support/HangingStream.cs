namespace BackupFunctions.Archive.Tests.Support;

/// <summary>Never answers; ends only by cancellation.</summary>
internal sealed class HangingStream : MemoryStream
{
    private readonly TaskCompletionSource _reading = new();

    public Task Reading => _reading.Task;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
