using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A disk that stores something else than it was given: the first byte is another.</summary>
internal sealed class FlippingWriter(IObjectWriter inner) : IObjectWriter
{
    private bool _flipped;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_flipped || data.IsEmpty)
        {
            return inner.WriteAsync(data, cancellationToken);
        }

        _flipped = true;
        var other = data.ToArray();
        other[0] ^= 1;
        return inner.WriteAsync(other, cancellationToken);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
