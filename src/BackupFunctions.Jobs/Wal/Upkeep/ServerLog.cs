using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>One server's log as the targets that can be asked list it. An object whose name says nothing is left out.</summary>
internal sealed class ServerLog
{
    private readonly IReadOnlyList<(IStorageTarget Target, ulong Bit)> _targets;
    private readonly ulong _answering;

    private ServerLog(string system, ListedWal listed, IReadOnlyList<(IStorageTarget Target, ulong Bit)> targets, IReadOnlyList<LogObject> named)
    {
        (System, Listed, _targets) = (system, listed, targets);
        _answering = targets.Aggregate(0UL, (bits, each) => bits | each.Bit);
        Objects = [.. named.Where(item => listed.Epochs.ContainsKey(item.Name.Epoch))];
        WithoutEpoch = named.Count - Objects.Count;
    }

    public string System { get; }

    public ListedWal Listed { get; }

    /// <summary>Those whose epoch some target holds: others open with no key.</summary>
    public IReadOnlyList<LogObject> Objects { get; }

    /// <summary>Further objects, whose epoch no target that can be asked holds.</summary>
    public int WithoutEpoch { get; }

    /// <summary>Epochs and inventories.</summary>
    public int Documents => Listed.Epochs.Count + Listed.Inventories.Count;

    public IReadOnlyList<IStorageTarget> Targets => [.. _targets.Select(each => each.Target)];

    /// <param name="cluster">Whose.</param>
    /// <param name="system">The server.</param>
    /// <param name="targets">All of them.</param>
    /// <param name="onAway">Takes why a target could not be listed: nothing is concluded of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ServerLog> ReadAsync(
        string cluster, string system, IReadOnlyList<IStorageTarget> targets, Action<StorageException> onAway, CancellationToken cancellationToken)
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

        return new ServerLog(system, listed, answering, [.. listed.Objects.Select(item => Parse(item.Key, item.Value)).OfType<LogObject>()]);
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
