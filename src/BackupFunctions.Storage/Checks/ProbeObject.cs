using System.Security.Cryptography;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Checks;

/// <summary>A small object under a prefix that no cluster can have, since names of clusters have no underscore.</summary>
internal sealed class ProbeObject(IStorageTarget target)
{
    public const string Prefix = "_probe/";

    /// <summary>Not a multiple of anything.</summary>
    private const int Size = 70_001;

    /// <summary>What a check that was killed left behind; one that runs now is younger.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromHours(1);

    public string Key { get; } = $"{Prefix}{Guid.NewGuid():N}";

    public byte[] Content { get; } = RandomNumberGenerator.GetBytes(Size);

    public async Task WriteAsync(byte[] content, CancellationToken cancellationToken)
    {
        await using var writer = await target.CreateAsync(Key, cancellationToken);
        await writer.WriteAsync(content, cancellationToken);
        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>Whether the bytes from an offset on are those written.</summary>
    public async Task<bool> ReadsAsWrittenAsync(int offset, CancellationToken cancellationToken)
    {
        // A byte more than there should be, so that a longer object shows.
        var bytes = new byte[Size - offset + 1];
        await using var stream = await target.OpenReadAsync(Key, offset, cancellationToken);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsSpan(0, read).SequenceEqual(Content.AsSpan(offset));
    }

    public static async Task RemoveLeftoversAsync(IStorageTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var left = new List<string>();
        await foreach (var found in target.ListAsync(Prefix, cancellationToken))
        {
            if (time.GetUtcNow() - found.LastModified > LeftAfter)
            {
                left.Add(found.Key);
            }
        }

        foreach (var key in left)
        {
            try
            {
                await target.DeleteOrHideAsync(key, cancellationToken);
            }
            catch (StorageException e) when (e.Code is ErrorCodes.ObjectLocked)
            {
                // A lock rule of the whole bucket holds it until it ends.
            }
        }
    }
}
