namespace BackupFunctions.TestSupport.Faults;

/// <summary>Passes bytes of one part of an exchange on, up to the byte of its fault.</summary>
internal sealed class BreakingPassage(ProxiedExchange exchange, Stream to, BreakFault? fault, long length)
{
    private static readonly TimeSpan TrickleInterval = TimeSpan.FromMilliseconds(1);

    private long _left = fault?.PassedOf(length) ?? long.MaxValue;

    /// <exception cref="IOException">The fault has happened.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var passed = (int)Math.Min(bytes.Length, _left);
        await to.WriteAsync(bytes[..passed], cancellationToken);
        _left -= passed;
        if (_left > 0)
        {
            return;
        }

        if (fault!.Kind != FaultKind.Trickle)
        {
            await exchange.BreakAsync(fault.Kind);
        }

        for (var index = passed; index < bytes.Length; index++)
        {
            await to.WriteAsync(bytes.Slice(index, 1), cancellationToken);
            await Task.Delay(TrickleInterval, cancellationToken);
        }
    }

    /// <summary>At most so many bytes, or until the source ends.</summary>
    public async Task CopyAsync(Stream from, long most, CancellationToken cancellationToken)
    {
        var block = new byte[64 * 1024];
        while (most > 0 && await from.ReadAsync(block.AsMemory(0, (int)Math.Min(most, block.Length)), cancellationToken) is var read and > 0)
        {
            most -= read;
            await WriteAsync(block.AsMemory(0, read), cancellationToken);
        }
    }
}
