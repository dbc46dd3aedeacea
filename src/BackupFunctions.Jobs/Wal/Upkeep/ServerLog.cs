using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Expiry;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>One server's log as the targets that can be asked list it. An object whose name says nothing is left out.</summary>
internal sealed class ServerLog
{
    private readonly IReadOnlyList<(IStorageTarget Target, ulong Bit)> _targets;
    private readonly ulong _answering;

    private ServerLog(string system, ListedWal listed, ExpiredLog expired, IReadOnlyList<(IStorageTarget Target, ulong Bit)> targets, IReadOnlyList<LogObject> named)
    {
        (System, Listed, Expired, _targets) = (system, listed, expired, targets);
        _answering = targets.Aggregate(0UL, (bits, each) => bits | each.Bit);
        Objects = [.. named.Where(item => listed.Epochs.ContainsKey(item.Name.Epoch))];
        WithoutEpoch = named.Count - Objects.Count;
    }

    public string System { get; }

    public ListedWal Listed { get; }

    /// <summary>What retention has let go: it is neither read nor copied any more.</summary>
    public ExpiredLog Expired { get; }

    /// <summary>Those that are needed, and whose epoch some target holds: others open with no key.</summary>
    public IReadOnlyList<LogObject> Objects { get; }

    /// <summary>Further objects, whose epoch no target that can be asked holds.</summary>
    public int WithoutEpoch { get; }

    /// <summary>Epochs, inventories and statements of retention.</summary>
    public int Documents => Listed.Epochs.Count + Listed.Inventories.Count + Listed.Expiries.Count;

    public IReadOnlyList<IStorageTarget> Targets => [.. _targets.Select(each => each.Target)];

    /// <param name="cluster">Whose.</param>
    /// <param name="system">The server.</param>
    /// <param name="targets">All of them.</param>
    /// <param name="keys">Statements of retention are signed by one of them.</param>
    /// <param name="onAway">Takes why a target could not be listed: nothing is concluded of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ServerLog> ReadAsync(
        string cluster, string system, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, Action<StorageException> onAway, CancellationToken cancellationToken)
    {
        var listed = new ListedWal(cluster, system);
        var answering = new List<(IStorageTarget Target, ulong Bit)>();
        foreach (var (index, target) in targets.Index())
        {
            try
            {
                await listed.AddAsync(target, 1UL << index, cancellationToken);
                answering.Add((target, 1UL << index));
            }
            catch (StorageException e)
            {
                onAway(e);
            }
        }

        var expired = await new WalExpiries(cluster, system, [.. answering.Select(each => each.Target)], keys).NewestAsync(listed, cancellationToken);
        return new ServerLog(
            system, listed, expired, answering, [.. listed.Objects.Select(item => Parse(item.Key, item.Value)).OfType<LogObject>().Where(item => !expired.Has(item.Name))]);
    }

    public IReadOnlyList<IStorageTarget> TargetsWith(LogObject item) => TargetsOf(item.Holders.Targets);

    public IReadOnlyList<IStorageTarget> TargetsWithout(LogObject item) => TargetsOf(~item.Holders.Targets);

    /// <param name="bits">Of <see cref="ListedWal.Holders"/>.</param>
    public IReadOnlyList<IStorageTarget> TargetsOf(ulong bits) => [.. _targets.Where(each => (bits & each.Bit) != 0).Select(each => each.Target)];

    /// <summary>
    /// What every target shall hold, and some do not. The beginning of a segment that is there whole, or further, is worth nothing any more.
    /// </summary>
    /// <param name="settledBefore">What is younger may be being written.</param>
    public IReadOnlyList<LogObject> Lacking(DateTimeOffset settledBefore)
    {
        var beginnings = Objects.Where(item => item.Name.Form == WalForm.Partial)
            .GroupBy(item => item.Name.File, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(item => item.Name.End!.Value), StringComparer.Ordinal);
        foreach (var whole in Objects.Where(item => item.Name.Form == WalForm.Segment))
        {
            beginnings.Remove(whole.Name.File);
        }

        return
        [
            .. Objects.Where(item => item.Holders.At < settledBefore
                && (item.Name.End is not { } end || (beginnings.TryGetValue(item.Name.File, out var newest) && newest == end))
                && (item.Holders.Targets & _answering) != _answering),
        ];
    }

    private static LogObject? Parse(string key, ListedWal.Holders holders)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && WalObjectName.TryParse(key.AsSpan(slash + 1), out var name) && key.AsSpan(0, slash).SequenceEqual(name.File.AsSpan(0, 8))
            ? new LogObject(key, name, holders)
            : null;
    }
}
