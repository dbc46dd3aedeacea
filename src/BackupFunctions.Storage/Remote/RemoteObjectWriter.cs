using BackupFunctions.Contracts;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.Remote;

/// <summary>One request up to a part's size, else parts that go out while the next one fills.</summary>
internal sealed class RemoteObjectWriter(IRemoteTarget target, RemoteConnection connection, IPartUploads uploads, string key) : IObjectWriter
{
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(10);

    private readonly List<Task<StoredPart>> _parts = [];
    private readonly CancellationTokenSource _stopped = new();
    private PartBuffer? _filling;
    private bool _begun;
    private long _written;
    private bool _joined;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            if (_filling is { IsFull: true })
            {
                await SendPartAsync(cancellationToken);
            }

            _filling ??= new PartBuffer(connection.PartPool, connection.PartSize);
            var taken = _filling.Add(data.Span);
            _written += taken;
            data = data[taken..];
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _filling ??= new PartBuffer(connection.PartPool, connection.PartSize);
        if (_begun)
        {
            await SendPartAsync(cancellationToken);
            var parts = await Task.WhenAll(_parts).WaitAsync(cancellationToken);
            if (await uploads.CompleteAsync(parts, cancellationToken))
            {
                await VerifySizeAsync(cancellationToken);
                _joined = true;
            }
            else
            {
                await StoredObjectComparison.EnsureSameAsync(target, connection.Errors, key, parts, cancellationToken);
            }
        }
        else
        {
            var md5 = PartHash.Of(_filling);
            if (!await uploads.PutAsync(_filling, md5, cancellationToken))
            {
                StoredPart whole = new(1, _filling.Count, md5, Id: "");
                await StoredObjectComparison.EnsureSameAsync(target, connection.Errors, key, [whole], cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await Task.WhenAll(_parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _filling?.Dispose();
        _stopped.Dispose();
        if (_begun && !_joined)
        {
            await AbortAsync();
        }
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            await uploads.BeginAsync(cancellationToken);
            _begun = true;
        }

        if (_parts.Find(part => part.IsFaulted) is { } failed)
        {
            await failed;
        }

        if (_parts.Count == connection.MostParts)
        {
            throw new StorageException(
                ErrorCodes.TargetRefused, connection.Target,
                $"Target {connection.Target} cannot hold {key}: it is larger than {connection.MostParts} parts of "
                + $"{connection.PartSize} bytes; raise the part size of this target.");
        }

        await connection.PartSlots.WaitAsync(cancellationToken);
        var content = _filling!;
        _filling = null;
        _parts.Add(PutPartAsync(_parts.Count + 1, content));
    }

    private async Task<StoredPart> PutPartAsync(int number, PartBuffer content)
    {
        try
        {
            // Hashing takes time too: off the thread that fills the next part.
            return await Task.Run(
                async () =>
                {
                    var md5 = PartHash.Of(content);
                    return new StoredPart(number, content.Count, md5, await uploads.PutPartAsync(number, content, md5, _stopped.Token));
                },
                CancellationToken.None);
        }
        finally
        {
            content.Dispose();
            connection.PartSlots.Release();
        }
    }

    private async Task VerifySizeAsync(CancellationToken cancellationToken)
    {
        var stored = await target.FindForWriteAsync(key, cancellationToken);
        if (stored?.Size != _written)
        {
            var found = stored is null ? "absent" : $"{stored.Size} bytes long";
            throw new StorageException(
                ErrorCodes.ObjectDamaged, connection.Target,
                $"Target {connection.Target} accepted {_written} bytes of {key}, but the object is {found}; the copy does not count.");
        }
    }

    private async Task AbortAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(AbortPatience);
            await uploads.AbortAsync(patience.Token);
        }
        catch (Exception e)
        {
            // Nothing is visible; a lifecycle rule for incomplete uploads frees the space.
            connection.Logger.LogWarning("Target {Target}: the unfinished upload of {Key} could not be aborted: {Cause}", connection.Target, key, e.Message);
        }
    }
}
