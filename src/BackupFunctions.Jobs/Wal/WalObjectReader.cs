using System.Collections.Concurrent;
using System.Security.Cryptography;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Inventories;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Reads single objects of the log. Nothing comes out that was not encrypted with the key of a signed epoch for this very name, whose
/// receiver lists something else in its place, or that says of itself to be other log. Safe for several objects at the same time.
/// </summary>
internal sealed class WalObjectReader : IDisposable
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
    private readonly ObjectProof _proof;
    private readonly ConcurrentDictionary<string, Lazy<Task<(WalEpoch Document, DataKey Key)>>> _opened = new(StringComparer.Ordinal);

    public WalObjectReader(
        string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing verificationKeys, PrivateKeyRing privateKeys, FailoverReader failover)
    {
        (_cluster, _systemIdentifier, _targets, _privateKeys, _failover) = (cluster, systemIdentifier, targets, privateKeys, failover);
        _epochs = new WalEpochs(cluster, targets, verificationKeys);
        _proof = new ObjectProof(cluster, systemIdentifier, targets, verificationKeys);
    }

    /// <param name="found">The object.</param>
    /// <param name="destination">Null: read and hashed only.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">object.damaged, wal.missing, key.cannot-open; or a target that has it is away.</exception>
    public async Task<(WalFile File, string Sha256)> FetchAsync(FoundWal found, string? destination, CancellationToken cancellationToken)
    {
        var (epoch, key) = await OpenAsync(found.Name.Epoch);
        if (epoch.Timeline != found.Name.Timeline)
        {
            throw new PgdrException(
                ErrorCodes.WalMissing, $"{found.Key} claims epoch {epoch.EpochId}, which archived timeline {epoch.Timeline} only: it is forged; find out who wrote it.");
        }

        var end = found.Name.IsHistory ? 0 : found.Name.End ?? StartOf(found, epoch) + (ulong)epoch.SegmentSize;
        var listed = await _proof.FindAsync(found.Name, end, cancellationToken);
        PgdrException? failure = null;
        foreach (var copies in found.Sizes.GroupBy(copy => copy.Value, copy => copy.Key).OrderByDescending(copies => copies.Count()))
        {
            if (listed is not null && copies.Key != listed.Size)
            {
                failure ??= Damaged(found, $"it has {copies.Key} bytes, and {listed.Size} were archived");
                continue;
            }

            // A copy of another size is not the object, or this one is not: they are not mixed.
            var excluded = _targets.Select(target => target.Name).Except(copies, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
            while (excluded.Count < _targets.Count)
            {
                FailoverStream? ciphertext = null;
                try
                {
                    ciphertext = await _failover.OpenAsync(found.Key, copies.Key, excluded, cancellationToken);
                    return await ReadAsync(found, epoch, key, ciphertext, listed, destination, cancellationToken);
                }
                catch (PgdrException e) when (e.Code == ErrorCodes.ObjectDamaged && ciphertext is not null)
                {
                    // One of them lied; the others are asked for the whole object.
                    failure ??= Damaged(found, e.Message, e);
                    if (ciphertext.TargetsUsed.Count == 0)
                    {
                        break;
                    }

                    foreach (var target in ciphertext.TargetsUsed)
                    {
                        excluded.Add(target);
                        _failover.Suspect(target, e.Message);
                    }
                }
                catch (StorageException e)
                {
                    // What a target that is away has is not known.
                    failure = e.Code == ErrorCodes.ObjectDamaged ? failure ?? Damaged(found, e.Message, e) : e;
                    break;
                }
                finally
                {
                    if (ciphertext is not null)
                    {
                        await ciphertext.DisposeAsync();
                    }
                }
            }
        }

        throw failure!;
    }

    private async Task<(WalFile File, string Sha256)> ReadAsync(
        FoundWal found, WalEpoch epoch, DataKey key, FailoverStream ciphertext, WalInventoryObject? listed, string? destination, CancellationToken cancellationToken)
    {
        var largest = found.Name.IsHistory ? LargestHistory : epoch.SegmentSize;
        var aad = ArchiveAad.ForWal(_cluster, _systemIdentifier, found.Name.Subject);
        await using var reader = ArchiveObjectReader.Open(ciphertext, key, aad, CompressionOptions.Parse(epoch.Compression), largest);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[WalPageHeader.Size];
        var temporary = destination is null ? null : $"{destination}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var file = temporary is null ? Stream.Null : new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                var block = new byte[BlockSize];
                int read;
                for (var at = 0; (read = await reader.ReadAsync(block, cancellationToken)) > 0; at += read)
                {
                    if (at < header.Length)
                    {
                        block.AsSpan(0, Math.Min(read, header.Length - at)).CopyTo(header.AsSpan(at));
                    }

                    hash.AppendData(block, 0, read);
                    await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
                }

                RequireWhole(found, epoch, reader, listed);
                RequireOwn(found, epoch, reader.PlainSize, header);
                if (!found.Name.IsHistory)
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
    private static void RequireWhole(FoundWal found, WalEpoch epoch, ArchiveObjectReader reader, WalInventoryObject? listed)
    {
        var expected = found.Name.Form switch
        {
            WalForm.Segment => epoch.SegmentSize,
            WalForm.Partial => (long)(found.Name.End!.Value - StartOf(found, epoch)),
            _ => reader.PlainSize,
        };
        if (reader.PlainSize != expected || !reader.CiphertextSha256.StartsWith(listed?.Sha256 ?? found.Name.Hash, StringComparison.Ordinal))
        {
            throw new PgdrException(ErrorCodes.ObjectDamaged, $"{found.Key} does not hold what its name says: it is damaged or was replaced.");
        }
    }

    /// <summary>What the key of a signed epoch opened may still be other log: of a server that took this one's place, or none at all.</summary>
    private void RequireOwn(FoundWal found, WalEpoch epoch, long size, ReadOnlySpan<byte> header)
    {
        if (!found.Name.IsHistory && size >= header.Length
            && WalPageHeader.FindProblem(header, _systemIdentifier, StartOf(found, epoch), epoch.SegmentSize) is { } problem)
        {
            throw new PgdrException(
                ErrorCodes.WalMissing,
                $"{found.Key} is authentic and holds {problem}: it is not used. Recover to a point before {Lsn.Format(StartOf(found, epoch))}, and find out what its receiver was connected to.");
        }
    }

    private static ulong StartOf(FoundWal found, WalEpoch epoch) => WalSegmentName.TryStartOf(found.Name.File, epoch.SegmentSize, out var start)
        ? start
        : throw new PgdrException(ErrorCodes.WalMissing, $"{found.Key} has a name that no segment of {epoch.SegmentSize} bytes has: it is forged.");

    private static PgdrException Damaged(FoundWal found, string cause, PgdrException? inner = null) => new(
        ErrorCodes.ObjectDamaged,
        $"No copy of {found.Key} that could be read is what was archived ({cause}): recover to a point before {found.Name.File}.", inner);

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

    public void Dispose()
    {
        foreach (var opened in _opened.Values.Where(each => each is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            opened.Value.Result.Key.Dispose();
        }
    }
}
