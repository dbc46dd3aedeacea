using System.Buffers;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Storage.Local;

/// <summary>
/// The unfinished file of one object, named after what it is to become, and open for one writer at a time. What is in it already is
/// compared with what is written and kept as far as it is the same.
/// </summary>
internal sealed class LocalResumingFile : IObjectWriter
{
    private const int BlockSize = 256 * 1024;

    private readonly string _target;
    private readonly LocalRoot _root;
    private readonly string _key;
    private readonly string _temporary;
    private readonly FileStream _file;

    private LocalResumingFile(string target, LocalRoot root, string key, string temporary, FileStream file) =>
        (_target, _root, _key, _temporary, _file) = (target, root, key, temporary, file);

    /// <summary>Bytes that were there.</summary>
    public long ReusedBytes { get; private set; }

    /// <summary>Null while another copy has it open.</summary>
    public static LocalResumingFile? TryOpen(string target, LocalRoot root, string key, ExpectedObject expected)
    {
        var temporary = LocalUnfinished.FileOf(root, key, expected);
        var file = LocalUnfinished.TryOpen(temporary);
        return file is null ? null : new LocalResumingFile(target, root, key, temporary, file);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            while (!data.IsEmpty && _file.Position < _file.Length)
            {
                data = data[await SkipSameAsync(data, cancellationToken)..];
            }

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
            _file.SetLength(_file.Position);
            await Task.Run(() => _file.Flush(flushToDisk: true), cancellationToken);

            // Out of reach of other copies before the lock is gone, which readers of the object would meet.
            var own = Path.Combine(_root.Uploading, Guid.NewGuid().ToString("N"));
            File.Move(_temporary, own);
            await _file.DisposeAsync();
            LocalUnfinished.RemoveEmptyFolders(_root, _temporary);
            await LocalPublication.FinishAsync(_target, _root, _key, own, cancellationToken);
        }
        catch (Exception e) when (LocalErrors.IsFileSystem(e))
        {
            throw LocalErrors.Translate(_target, _root.Path, $"writing {_key}", e);
        }
    }

    /// <summary>The object is there: nobody needs this.</summary>
    public void Discard() => LocalUnfinished.Delete(_root, _temporary);

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>How many bytes are the same; the file ends after them when it goes on with others.</summary>
    private async Task<int> SkipSameAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var at = _file.Position;
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var wanted = Math.Min(data.Length, BlockSize);
            var read = await _file.ReadAtLeastAsync(block.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
            var same = data.Span[..read].CommonPrefixLength(block.AsSpan(0, read));
            if (same < read)
            {
                _file.SetLength(at + same);
                _file.Position = at + same;
            }

            ReusedBytes += same;
            return same;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
