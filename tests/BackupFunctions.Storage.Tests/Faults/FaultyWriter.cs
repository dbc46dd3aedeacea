namespace BackupFunctions.Storage.Tests.Faults;

internal sealed class FaultyWriter(FaultyTarget target, IObjectWriter inner) : IObjectWriter
{
    private long _written;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await target.WritesWaitFor.WaitAsync(cancellationToken);
        await (target.WriteTickets?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        if (_written + data.Length > target.WriteLimit)
        {
            await (target.AtLimit is { } e ? throw e : Task.Delay(Timeout.Infinite, cancellationToken));
        }

        _written += data.Length;
        await inner.WriteAsync(data, cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await target.CompletesWaitFor.WaitAsync(cancellationToken);
        await (target.OnComplete is { } e ? throw e : inner.CompleteAsync(cancellationToken));
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
