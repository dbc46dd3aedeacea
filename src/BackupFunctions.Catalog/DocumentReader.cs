using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>
/// Finds signed documents on any of the targets. One good copy is enough; a bad copy on one target does not hide a good one on another;
/// "not there" is only said when every target said so.
/// </summary>
internal sealed class DocumentReader
{
    private readonly IReadOnlyList<IStorageTarget> _targets;

    public DocumentReader(IReadOnlyList<IStorageTarget> targets) => _targets = targets;

    public async Task<(T Value, SignedDocument Document, IReadOnlyList<string> Targets)?> FindAsync<T>(
        string key, string signatureKey, Func<byte[], byte[], T> read, CancellationToken cancellationToken)
        where T : class
    {
        T? value = null;
        SignedDocument? good = null;
        var holders = new List<string>();
        PgdrException? failure = null;
        foreach (var target in _targets)
        {
            try
            {
                if (await ReadAsync(target, key, cancellationToken) is not { } bytes
                    || await ReadAsync(target, signatureKey, cancellationToken) is not { } signature)
                {
                    continue;
                }

                if (good is null || !good.Json.AsSpan().SequenceEqual(bytes))
                {
                    var candidate = read(bytes, signature);
                    if (good is not null)
                    {
                        throw new PgdrException(
                            ErrorCodes.ManifestAltered, $"Target '{target.Name}' holds another version of {key} than '{holders[0]}': one of them was replaced.");
                    }

                    value = candidate;
                    good = new SignedDocument(bytes, signature);
                }

                holders.Add(target.Name);
            }
            catch (PgdrException e)
            {
                failure ??= e;
            }
        }

        return value is not null ? (value, good!, holders)
            : failure is not null ? throw failure
            : null;
    }

    private static async Task<byte[]?> ReadAsync(IStorageTarget target, string key, CancellationToken cancellationToken)
    {
        if (await target.FindAsync(key, cancellationToken) is not { } stored)
        {
            return null;
        }

        if (stored.Size > ManifestCodec.LargestSize)
        {
            throw new StorageException(ErrorCodes.ObjectDamaged, target.Name, $"{key} on target '{target.Name}' is larger than a document can be ({stored.Size} bytes).");
        }

        var bytes = new byte[stored.Size];
        await using var stream = await target.OpenReadAsync(key, offset: 0, cancellationToken);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
