using System.Buffers;
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
    /// <summary>Bytes: most documents need one block.</summary>
    private const int FirstBlock = 8 * 1024;

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
        var failures = new List<KeyValuePair<string, PgdrException>>();
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
                failures.Add(KeyValuePair.Create(target.Name, e));
            }
        }

        return new DocumentSearch<T>(found, failure) { Failures = failures };
    }

    /// <summary>The first good copy, and no other target asked; null: none is good, for whatever cause.</summary>
    public async Task<T?> FirstAsync<T>(string key, string signatureKey, int largestSize, Func<byte[], byte[], T> read, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var target in _targets)
        {
            try
            {
                if (await ReadAsync(target, key, largestSize, cancellationToken) is { } json
                    && await ReadAsync(target, signatureKey, LargestSignature, cancellationToken) is { } signature)
                {
                    return read(json, signature);
                }
            }
            catch (PgdrException)
            {
                // Another target may have a good one; whoever needs the cause asks by FindAsync.
            }
        }

        return null;
    }

    private static bool Same(SignedDocument document, byte[] json, byte[] signature) =>
        document.Json.AsSpan().SequenceEqual(json) && document.Signature.AsSpan().SequenceEqual(signature);

    /// <summary>Null when the target says that it has none. One request: the size limit is kept while reading.</summary>
    private static async Task<byte[]?> ReadAsync(IStorageTarget target, string key, int largestSize, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBlock);
        try
        {
            await using var stream = await target.OpenReadAsync(key, offset: 0, cancellationToken);
            var size = 0;
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(size), cancellationToken)) > 0)
            {
                size += read;
                if (size > largestSize)
                {
                    throw new StorageException(
                        ErrorCodes.ObjectDamaged, target.Name,
                        $"{key} on target '{target.Name}' has more bytes than such a document can ({largestSize}): use another copy, and find out who changed this one.");
                }

                if (size == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan().CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return buffer[..size];
        }
        catch (StorageException e) when (string.Equals(e.Code, ErrorCodes.ObjectAbsent, StringComparison.Ordinal))
        {
            return null;
        }
        catch (IOException e)
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target.Name, $"Target '{target.Name}' failed while {key} was read ({e.Message}): check its disk or connection.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
