namespace BackupFunctions.Storage;

/// <summary>One object being written. Disposing without completing leaves nothing visible and frees what was uploaded.</summary>
public interface IObjectWriter : IAsyncDisposable
{
    /// <summary>The buffer may be reused when the call returns.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Makes the object durable and visible.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
