namespace BackupFunctions.Storage.Local;

/// <summary>Writes below the reserved folder and gives the file its name when it is whole and on disk.</summary>
internal sealed class LocalObjectWriter : IObjectWriter
{
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
            await LocalPublication.FinishAsync(_target, _root, _key, _temporary, cancellationToken);
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
}
