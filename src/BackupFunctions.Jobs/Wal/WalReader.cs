using System.Collections.Concurrent;
using System.Security.Cryptography;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Brings back files of the log. Nothing comes out that was not encrypted with the key of a signed epoch for this very file; two objects
/// of one segment must hold the same log, or neither is taken. Safe for several files at the same time.
/// </summary>
internal sealed class WalReader : IDisposable
{
    private const int BlockSize = 256 * 1024;

    /// <summary>Bytes of a history file at most.</summary>
    private const int LargestHistory = 1 << 20;

    private readonly string _cluster;
    private readonly string _systemIdentifier;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly PrivateKeyRing _privateKeys;
    private readonly FailoverReader _failover;
    private readonly WalEpochs _epochs;
    private readonly ConcurrentDictionary<string, Lazy<Task<(WalEpoch Document, DataKey Key)>>> _opened = new(StringComparer.Ordinal);

    public WalReader(
        string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing verificationKeys, PrivateKeyRing privateKeys, FailoverReader failover)
    {
        (_cluster, _systemIdentifier, _targets, _privateKeys, _failover) = (cluster, systemIdentifier, targets, privateKeys, failover);
        _epochs = new WalEpochs(cluster, targets, verificationKeys);
    }

    /// <summary>Writes a segment or a history file. The file appears whole or not at all.</summary>
    /// <param name="file">As PostgreSQL calls it.</param>
    /// <param name="destination">Path; replaced when it is there.</param>
    /// <param name="withPartial">Take the longest beginning of the segment when there is no whole one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: every target says that it has none.</returns>
    /// <exception cref="PgdrException">
    /// It is there and cannot be had: object.damaged, wal.missing, key.cannot-open; or a target that may have it is away.
    /// </exception>
    public async Task<WalFile?> FetchAsync(string file, string destination, bool withPartial, CancellationToken cancellationToken)
    {
        var objects = await FindAsync(file, cancellationToken);
        var whole = objects.Where(each => each.Name.Form != WalForm.Partial).ToList();
        if (whole.Count > 0)
        {
            return await FetchEqualAsync(file, whole, destination, cancellationToken);
        }

        return withPartial && objects.OrderByDescending(each => each.Name.End).ToList() is { Count: > 0 } partials
            ? await FetchFirstAsync(partials, destination, cancellationToken)
            : null;
    }

    public void Dispose()
    {
        foreach (var opened in _opened.Values.Where(each => each is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            opened.Value.Result.Key.Dispose();
        }
    }

    /// <summary>A target that is away matters only when no other has the file: what it would say is not known.</summary>
    private async Task<IReadOnlyList<FoundWal>> FindAsync(string file, CancellationToken cancellationToken)
    {
        var prefix = StorageKeys.WalTimeline(_cluster, _systemIdentifier, WalSegmentName.TimelineOf(file));
        var found = new ConcurrentDictionary<string, FoundWal>(StringComparer.Ordinal);
        var away = new ConcurrentQueue<StorageException>();
        await Parallel.ForEachAsync(_targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var stored in target.ListAsync(prefix + file, token))
                {
                    if (WalObjectName.TryParse(stored.Key.AsSpan(prefix.Length), out var name) && string.Equals(name.File, file, StringComparison.Ordinal))
                    {
                        found.TryAdd(stored.Key, new FoundWal(name, stored.Key, stored.Size));
                    }
                }
            }
            catch (StorageException e)
            {
                away.Enqueue(e);
            }
        });
        return found.IsEmpty && away.TryPeek(out var unknown) ? throw unknown : [.. found.Values.OrderBy(each => each.Key, StringComparer.Ordinal)];
    }

    /// <summary>Every whole object that can be read must hold the same bytes.</summary>
    private async Task<WalFile> FetchEqualAsync(string file, IReadOnlyList<FoundWal> objects, string destination, CancellationToken cancellationToken)
    {
        PgdrException? failure = null;
        (WalFile File, string Sha256)? first = null;
        foreach (var each in objects)
        {
            (WalFile File, string Sha256) next;
            try
            {
                next = await FetchAsync(each, first is null ? destination : null, cancellationToken);
            }
            catch (PgdrException e)
            {
                failure ??= e;
                continue;
            }

            if (first is { } known && !string.Equals(known.Sha256, next.Sha256, StringComparison.Ordinal))
            {
                File.Delete(destination);
                throw new PgdrException(
                    ErrorCodes.WalMissing,
                    $"{known.File.Name} and {next.File.Name} both open with keys of signed epochs and hold different log: two servers wrote as one; neither is taken. Recover to a point before {file}.");
            }

            first ??= next;
        }

        return first?.File ?? throw failure!;
    }

    private async Task<WalFile> FetchFirstAsync(IReadOnlyList<FoundWal> objects, string destination, CancellationToken cancellationToken)
    {
        PgdrException? failure = null;
        foreach (var each in objects)
        {
            try
            {
                return (await FetchAsync(each, destination, cancellationToken)).File;
            }
            catch (PgdrException e)
            {
                failure ??= e;
            }
        }

        throw failure!;
    }

    /// <param name="found">The object.</param>
    /// <param name="destination">Null: read and hashed only.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<(WalFile File, string Sha256)> FetchAsync(FoundWal found, string? destination, CancellationToken cancellationToken)
    {
        var (epoch, key) = await OpenAsync(found.Name.Epoch);
        var excluded = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            await using var ciphertext = await _failover.OpenAsync(found.Key, found.Size, excluded, cancellationToken);
            try
            {
                return await ReadAsync(found, epoch, key, ciphertext, destination, cancellationToken);
            }
            catch (PgdrException e) when (e.Code == ErrorCodes.ObjectDamaged)
            {
                // One of them lied; the others are asked for the whole object.
                foreach (var target in ciphertext.TargetsUsed)
                {
                    excluded.Add(target);
                    _failover.Suspect(target, e.Message);
                }

                if (excluded.Count >= _targets.Count)
                {
                    throw;
                }
            }
        }
    }

    private async Task<(WalFile File, string Sha256)> ReadAsync(
        FoundWal found, WalEpoch epoch, DataKey key, FailoverStream ciphertext, string? destination, CancellationToken cancellationToken)
    {
        var isHistory = found.Name.Form is WalForm.History or WalForm.BackupHistory;
        var largest = isHistory ? LargestHistory : epoch.SegmentSize;
        var aad = ArchiveAad.ForWal(_cluster, _systemIdentifier, found.Name.Subject);
        await using var reader = ArchiveObjectReader.Open(ciphertext, key, aad, CompressionOptions.Parse(epoch.Compression), largest);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var temporary = destination is null ? null : $"{destination}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var file = temporary is null ? Stream.Null : new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                var block = new byte[BlockSize];
                int read;
                while ((read = await reader.ReadAsync(block, cancellationToken)) > 0)
                {
                    hash.AppendData(block, 0, read);
                    await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
                }

                RequireWhole(found, epoch, reader);
                if (!isHistory)
                {
                    file.SetLength(epoch.SegmentSize);
                }
            }

            if (temporary is not null)
            {
                File.Move(temporary, destination!, overwrite: true);
            }
        }
        catch
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }

            throw;
        }

        return (new WalFile(found.Name, reader.PlainSize, ciphertext.TargetsUsed), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The tags vouch for what was written; the sizes for its being what the name says.</summary>
    private static void RequireWhole(FoundWal found, WalEpoch epoch, ArchiveObjectReader reader)
    {
        var expected = found.Name.Form switch
        {
            WalForm.Segment => epoch.SegmentSize,
            WalForm.Partial => (long)(found.Name.End!.Value - WalSegmentName.StartOf(found.Name.File, epoch.SegmentSize)),
            _ => reader.PlainSize,
        };
        if (reader.PlainSize != expected || !reader.CiphertextSha256.StartsWith(found.Name.Hash, StringComparison.Ordinal))
        {
            throw new PgdrException(ErrorCodes.ObjectDamaged, $"{found.Key} does not hold what its name says: it is damaged or was replaced.");
        }
    }

    private async Task<(WalEpoch Document, DataKey Key)> OpenAsync(string epoch)
    {
        var opening = _opened.GetOrAdd(epoch, id => new Lazy<Task<(WalEpoch, DataKey)>>(async () =>
        {
            var document = await _epochs.ReadAsync(_systemIdentifier, id, CancellationToken.None);
            return (document, _privateKeys.Unwrap(document.Recipients));
        }));
        try
        {
            return await opening.Value;
        }
        catch
        {
            // A target that is away now may answer the next time.
            _opened.TryRemove(KeyValuePair.Create(epoch, opening));
            throw;
        }
    }
}
