using System.Buffers;
using BackupFunctions.Postgres.Native;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Reads one file while it grows, hands every byte to digest and sink, and gives the space behind it back.</summary>
internal static class FileFollower
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>Less than this is left to grow: small pieces cost a call each all the way down.</summary>
    private const int WorthReading = 256 * 1024;

    /// <summary>Holes cost a journal entry each.</summary>
    private const int HoleSize = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    public static async Task<long> RunAsync(
        string path, GrowingFile file, IFileDigest digest, IDumpFileSink sink, Action<long> advanced, CancellationToken cancellationToken)
    {
        // Writable for the holes; nothing is ever written.
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long offset = 0;
            long punched = 0;
            while (await FillAsync(handle, file, buffer, offset, cancellationToken) is var read and > 0)
            {
                digest.Append(buffer.AsSpan(0, read));
                await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                offset += read;
                advanced(read);
                if (offset - punched >= HoleSize)
                {
                    FileHole.Punch(handle, punched, offset - punched);
                    punched = offset;
                }
            }

            digest.Complete();
            await sink.CompleteAsync(cancellationToken);
            return offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>0 at the end of a closed file only.</summary>
    private static async ValueTask<int> FillAsync(
        SafeFileHandle handle, GrowingFile file, byte[] buffer, long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // In this order: what was written before the close is there after it.
            var closed = file.IsClosed;
            if (closed || RandomAccess.GetLength(handle) - offset >= WorthReading)
            {
                return RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), offset);
            }

            await file.WaitForCloseAsync(Patience, cancellationToken);
        }
    }
}
