using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>
/// Finds signed documents on any of the targets. A bad copy or a target that is away does not hide a good copy on another; both are
/// told as the search's failure, so that "not there" is only said when every target said so.
/// </summary>
internal sealed class DocumentReader
{
    /// <summary>Bytes; an ECDSA P-256 signature in DER form has 72 at most.</summary>
    private const int LargestSignature = 1024;

    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly StorageException? _away;

    /// <param name="targets">Those to ask.</param>
    /// <param name="away">Why a target that is not among them could not be asked.</param>
    public DocumentReader(IReadOnlyList<IStorageTarget> targets, StorageException? away) => (_targets, _away) = (targets, away);

    public async Task<DocumentSearch<T>> FindAsync<T>(
        string key, string signatureKey, int largestSize, Func<byte[], byte[], T> read, CancellationToken cancellationToken)
    {
        var found = new List<FoundDocument<T>>();
        PgdrException? failure = _away;
        foreach (var target in _targets)
        {
            try
            {
                if (await ReadAsync(target, key, largestSize, cancellationToken) is not { } json
                    || await ReadAsync(target, signatureKey, LargestSignature, cancellationToken) is not { } signature)
                {
                    continue;
                }

                if (found.Find(other => Same(other.Document, json, signature)) is { } known)
                {
                    known.Targets.Add(target.Name);
                    continue;
                }

                // Other bytes, or a signature of its own: both count only after they were checked themselves.
                var value = read(json, signature);
                if (found.Find(other => other.Document.Json.AsSpan().SequenceEqual(json)) is { } equal)
                {
                    equal.Targets.Add(target.Name);
                }
                else
                {
                    found.Add(new FoundDocument<T>(value, new SignedDocument(json, signature), [target.Name]));
                }
            }
            catch (PgdrException e)
            {
                failure ??= e;
            }
        }

        return new DocumentSearch<T>(found, failure);
    }

    private static bool Same(SignedDocument document, byte[] json, byte[] signature) =>
        document.Json.AsSpan().SequenceEqual(json) && document.Signature.AsSpan().SequenceEqual(signature);

    private static async Task<byte[]?> ReadAsync(IStorageTarget target, string key, int largestSize, CancellationToken cancellationToken)
    {
        if (await target.FindAsync(key, cancellationToken) is not { } stored)
        {
            return null;
        }

        if (stored.Size > largestSize)
        {
            throw new StorageException(
                ErrorCodes.ObjectDamaged, target.Name,
                $"{key} on target '{target.Name}' has {stored.Size} bytes, more than such a document can: use another copy, and find out who changed this one.");
        }

        try
        {
            var bytes = new byte[stored.Size];
            await using var stream = await target.OpenReadAsync(key, offset: 0, cancellationToken);
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (IOException e)
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target.Name, $"Target '{target.Name}' failed while {key} was read ({e.Message}): check its disk or connection.", e);
        }
    }
}
