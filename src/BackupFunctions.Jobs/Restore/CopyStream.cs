using BackupFunctions.Archive.Streams;
using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Tells damage of the copy being read from what its taker makes of authentic bytes, which no other copy would change.</summary>
internal sealed class CopyStream(Stream inner) : AsyncReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.ObjectDamaged)
        {
            throw new DamagedCopyException(e.Message, e);
        }
    }
}
