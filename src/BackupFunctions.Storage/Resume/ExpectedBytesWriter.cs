using System.Security.Cryptography;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Resume;

/// <summary>Lets an object be completed only when every byte was the expected one.</summary>
internal sealed class ExpectedBytesWriter(string target, string key, ExpectedObject expected, IObjectWriter inner, Func<long> reused) : IResumingWriter
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _size;

    public long ReusedBytes => reused();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _size += data.Length;
        if (_size > expected.Size)
        {
            throw Unexpected();
        }

        _hash.AppendData(data.Span);
        return inner.WriteAsync(data, cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_size != expected.Size || !string.Equals(Convert.ToHexStringLower(_hash.GetHashAndReset()), expected.Sha256, StringComparison.Ordinal))
        {
            throw Unexpected();
        }

        try
        {
            await inner.CompleteAsync(cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectAbsent)
        {
            // What had been sent was joined with or freed by somebody else, and no object came of it.
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target,
                $"Target {target} has lost the unfinished upload of {key}, which another copy or a cleanup ended: copy it again.", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return inner.DisposeAsync();
    }

    private StorageException Unexpected() => new(
        ErrorCodes.ObjectDamaged, target,
        $"{key} was not written to target {target}: its bytes are not those of SHA-256 {expected.Sha256}; copy it from another target.");
}
