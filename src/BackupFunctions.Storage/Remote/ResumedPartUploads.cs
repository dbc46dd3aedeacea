namespace BackupFunctions.Storage.Remote;

/// <summary>
/// Sends only parts that the store does not have with the same number, size and MD5. Never frees what was sent: another copy of the same
/// object may be at work on it, or a later one go on with it.
/// </summary>
internal sealed class ResumedPartUploads(IResumablePartUploads uploads, long size) : IPartUploads
{
    private ILookup<int, StoredPart> _there = Array.Empty<StoredPart>().ToLookup(part => part.Number);
    private long _reused;
    private volatile bool _ended;

    /// <summary>Bytes of parts that were there.</summary>
    public long ReusedBytes => Interlocked.Read(ref _reused);

    public Task<bool> PutAsync(PartBuffer content, byte[] md5, CancellationToken cancellationToken) => uploads.PutAsync(content, md5, cancellationToken);

    public async Task BeginAsync(CancellationToken cancellationToken) =>
        _there = (await uploads.TakeUpAsync(size, cancellationToken)).ToLookup(part => part.Number);

    public async Task<string> PutPartAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellationToken)
    {
        if (_there[number].FirstOrDefault(part => part.Size == content.Count && part.Md5.AsSpan().SequenceEqual(md5)) is { } same)
        {
            Interlocked.Add(ref _reused, same.Size);
            return same.Id;
        }

        try
        {
            return _ended ? "" : await uploads.PutPartAsync(number, content, md5, cancellationToken);
        }
        catch (StorageException e) when (uploads.IsEnded(e))
        {
            _ended = true;
            return "";
        }
    }

    /// <summary>False also when somebody else ended the upload: the caller looks whether the object came of it, and compares.</summary>
    public async Task<bool> CompleteAsync(IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken)
    {
        try
        {
            return !_ended && await uploads.CompleteAsync(parts, cancellationToken);
        }
        catch (StorageException e) when (uploads.IsEnded(e))
        {
            return false;
        }
    }

    public Task AbortAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
