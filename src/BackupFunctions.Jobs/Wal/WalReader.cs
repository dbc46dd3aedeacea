using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Brings back files of the log. Nothing comes out that was not encrypted with the key of a signed epoch for this very file, that its
/// receiver's inventory lists otherwise, or that says of itself to be other log; two objects of one segment must hold the same log, or
/// neither is taken. Safe for several files at the same time.
/// </summary>
internal sealed class WalReader : IDisposable
{
    private readonly string _cluster;
    private readonly string _systemIdentifier;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly WalObjectReader _objects;

    public WalReader(
        string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing verificationKeys, PrivateKeyRing privateKeys, FailoverReader failover)
    {
        (_cluster, _systemIdentifier, _targets) = (cluster, systemIdentifier, targets);
        _objects = new WalObjectReader(cluster, systemIdentifier, targets, verificationKeys, privateKeys, failover);
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

    public void Dispose() => _objects.Dispose();

    /// <summary>A target that is away matters only when no other has the file: what it would say is not known.</summary>
    private async Task<IReadOnlyList<FoundWal>> FindAsync(string file, CancellationToken cancellationToken)
    {
        var prefix = StorageKeys.WalTimeline(_cluster, _systemIdentifier, WalSegmentName.TimelineOf(file));
        var found = new ConcurrentDictionary<string, ConcurrentDictionary<string, long>>(StringComparer.Ordinal);
        var away = new ConcurrentQueue<StorageException>();
        await Parallel.ForEachAsync(_targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var stored in target.ListAsync(prefix + file, token))
                {
                    if (WalObjectName.TryParse(stored.Key.AsSpan(prefix.Length), out var name) && string.Equals(name.File, file, StringComparison.Ordinal))
                    {
                        found.GetOrAdd(stored.Key, _ => new ConcurrentDictionary<string, long>(StringComparer.Ordinal))[target.Name] = stored.Size;
                    }
                }
            }
            catch (StorageException e)
            {
                away.Enqueue(e);
            }
        });
        return found.IsEmpty && away.TryPeek(out var unknown) ? throw unknown : [.. found.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => Parsed(each.Key, prefix, each.Value))];
    }

    private static FoundWal Parsed(string key, string prefix, IReadOnlyDictionary<string, long> sizes) =>
        new(WalObjectName.TryParse(key.AsSpan(prefix.Length), out var name) ? name : throw new InvalidOperationException("It was parsed before."), key, sizes);

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
                next = await _objects.FetchAsync(each, first is null ? destination : null, cancellationToken);
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
                return (await _objects.FetchAsync(each, destination, cancellationToken)).File;
            }
            catch (PgdrException e)
            {
                failure ??= e;
            }
        }

        throw failure!;
    }
}
