using System.Runtime.CompilerServices;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Storage.Local;

/// <summary>Objects as files below a folder: 0600, folders 0700, durable (fsync of file and folder) when writing completes.</summary>
public sealed class LocalTarget : IInspectableTarget, IResumableTarget, IUnfinishedUploads
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    private readonly LocalRoot _root;
    private readonly TimeProvider _time;
    private int _swept;

    /// <param name="name">Name in the settings.</param>
    /// <param name="root">
    /// The folder. The first write creates it when the folder above it exists; reading never creates it, and reports a missing or wholly
    /// empty folder as unreachable, since that is what a disk that is not mounted looks like.
    /// </param>
    public LocalTarget(string name, string root)
        : this(name, root, TimeProvider.System)
    {
    }

    internal LocalTarget(string name, string root, TimeProvider time) =>
        (Name, _root, _time) = (name, new LocalRoot(name, root), time);

    public string Name { get; }

    ITargetInspection IInspectableTarget.Inspection => new LocalInspection(this, _root);

    /// <summary>Bytes left for this account on the folder's disk; null while the folder is missing.</summary>
    public long? FreeSpace => Directory.Exists(_root.Path) ? new DriveInfo(_root.Path).AvailableFreeSpace : null;

    /// <summary>Creates the folder (the one above must exist), so that reading answers "nothing here" before the first write.</summary>
    public void Prepare() => Guard("creating the folder", _root.EnsureWritable);

    public Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IObjectWriter>(Guard($"writing {key}", () =>
        {
            _root.EnsureWritable();
            SweepOnce();
            return new LocalObjectWriter(Name, _root, key);
        }));
    }

    public async Task<IResumingWriter> ResumeAsync(string key, ExpectedObject expected, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        cancellationToken.ThrowIfCancellationRequested();
        var unfinished = Guard($"writing {key}", () =>
        {
            _root.EnsureWritable();
            SweepOnce();
            return LocalResumingFile.TryOpen(Name, _root, key, expected);
        });
        if (await FindAsync(key, cancellationToken) is { } existing)
        {
            if (unfinished is not null)
            {
                unfinished.Discard();
                await unfinished.DisposeAsync();
            }

            var comparing = new ComparingObjectWriter(this, existing, await OpenReadAsync(key, 0, cancellationToken));
            return new ExpectedBytesWriter(Name, key, expected, comparing, () => comparing.ComparedBytes);
        }

        // While another copy is at work on it, this one writes a file of its own.
        return unfinished is not null
            ? new ExpectedBytesWriter(Name, key, expected, unfinished, () => unfinished.ReusedBytes)
            : new ExpectedBytesWriter(Name, key, expected, await CreateAsync(key, cancellationToken), () => 0);
    }

    public IAsyncEnumerable<UnfinishedUpload> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        return EnumerateAsync(() => LocalUnfinished.List(_root, prefix), prefix, cancellationToken);
    }

    public Task AbortUnfinishedAsync(UnfinishedUpload upload, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, upload.Key);
        ArgumentOutOfRangeException.ThrowIfNotEqual(LocalUnfinished.IsName(upload.Id), true);
        Guard($"freeing an unfinished upload of {upload.Key}", () => LocalUnfinished.Delete(_root, LocalUnfinished.FileOf(_root, upload.Key, upload.Id)));
        return Task.CompletedTask;
    }

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guard<Stream>($"reading {key}", () =>
        {
            try
            {
                var share = FileShare.ReadWrite | FileShare.Delete;
                var file = new FileStream(_root.FileOf(key), FileMode.Open, FileAccess.Read, share, 0, FileOptions.Asynchronous);
                file.Position = offset;
                return file;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || IsFolder(key))
            {
                _root.EnsureReadable();
                throw new StorageException(ErrorCodes.ObjectAbsent, Name, $"Target {Name} does not hold {key}.", e);
            }
        }));
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guard($"looking for {key}", () =>
        {
            var file = new FileInfo(_root.FileOf(key));
            if (file.Exists)
            {
                return new StoredObject(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
            }

            _root.EnsureReadable();
            return null;
        }));
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        return EnumerateAsync(() => LocalListing.Objects(_root, prefix), prefix, cancellationToken);
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        return EnumerateAsync(() => LocalListing.Folders(_root, prefix), prefix, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        cancellationToken.ThrowIfCancellationRequested();
        Guard($"deleting {key}", () =>
        {
            var file = _root.FileOf(key);
            if (File.Exists(file))
            {
                File.Delete(file);
                RemoveEmptyFolders(Path.GetDirectoryName(file)!);
            }
            else
            {
                _root.EnsureReadable();
            }
        });
        return Task.CompletedTask;
    }

    private async IAsyncEnumerable<T> EnumerateAsync<T>(
        Func<IEnumerable<T>> list, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var doing = $"listing '{prefix}'";
        Guard(doing, _root.EnsureReadable);
        using var items = list().GetEnumerator();
        while (Guard(doing, items.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return items.Current;
        }

        await Task.CompletedTask;
    }

    private bool IsFolder(string key) => Directory.Exists(_root.FileOf(key));

    private void RemoveEmptyFolders(string folder)
    {
        while (!string.Equals(folder, _root.Path, StringComparison.Ordinal))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // Removed by another deletion at the same time, which makes it durable.
            }
            catch (IOException)
            {
                break;
            }

            folder = Path.GetDirectoryName(folder)!;
        }

        FlushUnlessRemoved(folder);
    }

    private static void FlushUnlessRemoved(string folder)
    {
        try
        {
            LocalRoot.FlushFolder(folder);
        }
        catch (IOException) when (!Directory.Exists(folder))
        {
            // As above: its last object went at the same time.
        }
    }

    /// <summary>What a killed run left; younger files may belong to one that still writes.</summary>
    private void SweepOnce()
    {
        if (Interlocked.Exchange(ref _swept, 1) == 1)
        {
            return;
        }

        var oldest = _time.GetUtcNow().UtcDateTime - StaleAfter;
        foreach (var file in new DirectoryInfo(_root.Uploading).EnumerateFiles().Where(file => file.LastWriteTimeUtc < oldest))
        {
            file.Delete();
        }
    }

    private void Guard(string doing, Action action) => Guard(doing, () =>
    {
        action();
        return true;
    });

    private T Guard<T>(string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (LocalErrors.IsFileSystem(e))
        {
            throw LocalErrors.Translate(Name, _root.Path, doing, e);
        }
    }
}
