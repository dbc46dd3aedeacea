using Amazon.S3.Model;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.S3;

/// <summary>One PutObject up to a part's size, else a multipart upload whose parts go out while the next one fills.</summary>
internal sealed class S3ObjectWriter(S3Target target, S3Connection connection, string key) : IObjectWriter
{
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(10);

    private readonly S3Uploads _uploads = new(connection);
    private readonly List<Task<PartETag>> _parts = [];
    private readonly CancellationTokenSource _stopped = new();
    private S3PartBuffer? _filling;
    private string? _uploadId;
    private long _written;
    private bool _completed;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            if (_filling is { IsFull: true })
            {
                await SendPartAsync(cancellationToken);
            }

            _filling ??= new S3PartBuffer(connection.PartPool, connection.Options.PartSize);
            var taken = _filling.Add(data.Span);
            _written += taken;
            data = data[taken..];
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _filling ??= new S3PartBuffer(connection.PartPool, connection.Options.PartSize);
        if (_uploadId is null)
        {
            await _uploads.PutAsync(key, _filling, cancellationToken);
        }
        else
        {
            await SendPartAsync(cancellationToken);
            var parts = await Task.WhenAll(_parts).WaitAsync(cancellationToken);
            await _uploads.CompleteAsync(key, _uploadId, parts, cancellationToken);
            await VerifySizeAsync(cancellationToken);
        }

        _completed = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await Task.WhenAll(_parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _filling?.Dispose();
        _stopped.Dispose();
        if (_uploadId is { } uploadId && !_completed)
        {
            await AbortAsync(uploadId);
        }
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        _uploadId ??= await _uploads.BeginAsync(key, cancellationToken);
        if (_parts.Find(part => part.IsFaulted) is { } failed)
        {
            await failed;
        }

        if (_parts.Count == connection.Options.MaximumParts)
        {
            throw new StorageException(
                ErrorCodes.TargetRefused, connection.Target,
                $"Target {connection.Target} cannot hold {key}: it is larger than {connection.Options.MaximumParts} parts of "
                + $"{connection.Options.PartSize} bytes; raise the part size of this target.");
        }

        await connection.PartSlots.WaitAsync(cancellationToken);
        var content = _filling!;
        _filling = null;
        _parts.Add(PutPartAsync(_uploadId, _parts.Count + 1, content));
    }

    private async Task<PartETag> PutPartAsync(string uploadId, int number, S3PartBuffer content)
    {
        try
        {
            // Hashing takes time too: off the thread that fills the next part.
            return await Task.Run(() => _uploads.PutPartAsync(key, uploadId, number, content, _stopped.Token), CancellationToken.None);
        }
        finally
        {
            content.Dispose();
            connection.PartSlots.Release();
        }
    }

    private async Task VerifySizeAsync(CancellationToken cancellationToken)
    {
        var stored = await target.FindAsync(key, cancellationToken);
        if (stored?.Size != _written)
        {
            var found = stored is null ? "absent" : $"{stored.Size} bytes long";
            throw new StorageException(
                ErrorCodes.ObjectDamaged, connection.Target,
                $"Target {connection.Target} accepted {_written} bytes of {key}, but the object is {found}; the copy does not count.");
        }
    }

    private async Task AbortAsync(string uploadId)
    {
        try
        {
            using var patience = new CancellationTokenSource(AbortPatience);
            await _uploads.AbortAsync(key, uploadId, patience.Token);
        }
        catch (Exception e)
        {
            // Nothing is visible; a lifecycle rule for incomplete uploads frees the space.
            connection.Logger.LogWarning("Target {Target}: the unfinished upload of {Key} could not be aborted: {Cause}", connection.Target, key, e.Message);
        }
    }
}
