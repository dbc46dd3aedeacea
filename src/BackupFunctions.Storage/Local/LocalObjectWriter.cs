using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Local;

/// <summary>Writes below the reserved folder and gives the file its name when it is whole and on disk.</summary>
internal sealed class LocalObjectWriter : IObjectWriter
{
    private const int AttemptsAgainstRemovedFolders = 5;

    private readonly string _target;
    private readonly LocalRoot _root;
    private readonly string _key;
    private readonly string _temporary;
    private readonly FileStream _file;

    public LocalObjectWriter(string target, LocalRoot root, string key)
    {
        (_target, _root, _key) = (target, root, key);
        _temporary = Path.Combine(root.Uploading, Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(_temporary, options);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(data, cancellationToken);
        }
        catch (Exception e) when (LocalErrors.IsFileSystem(e))
        {
            throw LocalErrors.Translate(_target, _root.Path, $"writing {_key}", e);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Off the caller's thread: a flush waits for the disk.
            await Task.Run(() => _file.Flush(flushToDisk: true), cancellationToken);
            await _file.DisposeAsync();
            var file = _root.FileOf(_key);
            if (!Publish(file) && !await FileComparison.AreEqualAsync(_temporary, file, cancellationToken))
            {
                throw Rewritten();
            }

            File.Delete(_temporary);
            LocalRoot.FlushFolder(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (LocalErrors.IsFileSystem(e))
        {
            throw LocalErrors.Translate(_target, _root.Path, $"writing {_key}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _file.DisposeAsync();
            File.Delete(_temporary);
        }
        catch (Exception e) when (LocalErrors.IsFileSystem(e))
        {
            // Invisible to readers, and swept by a later run.
        }
    }

    /// <summary>False when the name is taken. A folder above may vanish in between: deleting removes emptied folders.</summary>
    private bool Publish(string file)
    {
        for (var attempt = 1; ; attempt++)
        {
            LocalRoot.CreateFoldersAbove(file);
            try
            {
                return TryName(file);
            }
            catch (IOException) when (attempt < AttemptsAgainstRemovedFolders && !Directory.Exists(Path.GetDirectoryName(file)))
            {
                continue;
            }
        }
    }

    private bool TryName(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixCalls.TryLink(_temporary, file);
        }

        if (File.Exists(file))
        {
            return false;
        }

        // Fails on Windows when the name was taken meanwhile.
        File.Move(_temporary, file, overwrite: false);
        return true;
    }

    private StorageException Rewritten() => new(
        ErrorCodes.ObjectDamaged, _target,
        $"Target {_target} already holds {_key} with other content; objects are never rewritten, so one of the two is damaged or foreign.");
}
