using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Retention;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>
/// Deletes what is due of one server's log: objects first, then the epochs of which no target has anything left. Judged by what the targets
/// list now, versions too where they keep them, so that a run that was killed anywhere is taken up by the next one.
/// </summary>
internal sealed class WalDeletion(string cluster, ServerExpiry server, WalPlan plan, DateTimeOffset windowBegin, IJobReporter reporter)
{
    private const int Parallelism = 8;
    private const int AtATime = 1024;

    /// <summary>What a target refuses so often, it refuses: the next run tries again.</summary>
    private const int MostRefusals = 16;

    private readonly DueLog _due = new(plan, server.Epochs, windowBegin);
    private readonly ConcurrentDictionary<string, byte> _staying = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _problems = new();
    private int _deleted;
    private int _locked;

    /// <summary>Copies of objects, or versions of them.</summary>
    public int Deleted => _deleted;

    /// <summary>Copies that a lock holds.</summary>
    public int Locked => _locked;

    public int Epochs { get; private set; }

    /// <summary>Why others were not deleted, a sentence each.</summary>
    public IEnumerable<string> Problems => _problems;

    /// <exception cref="StorageException">A target is away: the run ends, since nothing is known any more.</exception>
    public async Task RunAsync(IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var isWhole = true;
        foreach (var target in targets)
        {
            reporter.Detail($"deleting log of server {plan.SystemId} on '{target.Name}'");
            isWhole &= await DeleteObjectsAsync(target, cancellationToken);
        }

        if (isWhole)
        {
            var empty = plan.DueEpochs.Where(epoch => !_staying.ContainsKey(epoch)).ToHashSet(StringComparer.Ordinal);
            await DeleteEpochsAsync(targets, empty, cancellationToken);
        }
    }

    /// <returns>False: this target could not be gone through to its end.</returns>
    private async Task<bool> DeleteObjectsAsync(IStorageTarget target, CancellationToken cancellationToken)
    {
        var timelines = plan.Due.All.Select(span => span.Timeline).Concat(plan.DueEpochs.Select(epoch => server.Epochs[epoch].Timeline)).Distinct().Order();
        var deletion = new VersionsDeletion(target, Parallelism, MostRefusals);
        try
        {
            foreach (var timeline in timelines)
            {
                var waiting = new List<StoredVersion>(AtATime);
                await foreach (var version in StoredVersions.ListAsync(target, StorageKeys.WalTimeline(cluster, plan.SystemId, timeline), cancellationToken))
                {
                    if (LogKey.TryParse(KeyOf(version), out var key) && IsDue(key, version))
                    {
                        waiting.Add(version);
                    }

                    if (waiting.Count == AtATime)
                    {
                        await DeleteAsync(deletion, waiting, cancellationToken);
                    }
                }

                await DeleteAsync(deletion, waiting, cancellationToken);
            }
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            // Where versions may not be listed, a deletion would only hide them.
            _problems.Enqueue(e.Message);
            return false;
        }
        finally
        {
            Report(deletion);
        }

        return !deletion.IsStuck;
    }

    /// <summary>Remembers what stays of an epoch, hidden versions too: without its document they could not be opened.</summary>
    private bool IsDue(LogKey key, StoredVersion version)
    {
        if (_due.Has(key, version.IsDeletionMarker ? DateTimeOffset.MinValue : version.LastModified))
        {
            return true;
        }

        if (!version.IsDeletionMarker)
        {
            _staying.TryAdd(key.Epoch, 0);
        }

        return false;
    }

    private async Task DeleteAsync(VersionsDeletion deletion, List<StoredVersion> versions, CancellationToken cancellationToken)
    {
        foreach (var left in await deletion.RunAsync(versions, cancellationToken))
        {
            if (LogKey.TryParse(KeyOf(left), out var key))
            {
                _staying.TryAdd(key.Epoch, 0);
            }
        }

        versions.Clear();
    }

    /// <summary>The document before its signature, on all targets: one without would be an epoch that cannot be read.</summary>
    private async Task DeleteEpochsAsync(IReadOnlyList<IStorageTarget> targets, IReadOnlySet<string> epochs, CancellationToken cancellationToken)
    {
        var left = await DeleteEpochFilesAsync(targets, epochs, ".json", cancellationToken);
        Epochs = epochs.Count - left.Count;
        var gone = epochs.Concat(server.Leftovers).Where(epoch => !left.Contains(epoch)).ToHashSet(StringComparer.Ordinal);
        await DeleteEpochFilesAsync(targets, gone, ".sig", cancellationToken);
    }

    /// <returns>Epochs of which a file is left.</returns>
    private async Task<HashSet<string>> DeleteEpochFilesAsync(
        IReadOnlyList<IStorageTarget> targets, IReadOnlySet<string> epochs, string ending, CancellationToken cancellationToken)
    {
        var left = new HashSet<string>(StringComparer.Ordinal);
        var folder = StorageKeys.WalEpochs(cluster, plan.SystemId);
        foreach (var target in targets.Where(_ => epochs.Count > 0))
        {
            var deletion = new VersionsDeletion(target, Parallelism, MostRefusals);
            var files = new List<StoredVersion>();
            await foreach (var version in StoredVersions.ListAsync(target, folder, cancellationToken))
            {
                if (version.Key.EndsWith(ending, StringComparison.Ordinal) && epochs.Contains(version.Key[folder.Length..^ending.Length]))
                {
                    files.Add(version);
                }
            }

            left.UnionWith((await deletion.RunAsync(files, cancellationToken)).Select(version => version.Key[folder.Length..^ending.Length]));
            Report(deletion);
        }

        return left;
    }

    private void Report(VersionsDeletion deletion)
    {
        _deleted += deletion.Deleted;
        _locked += deletion.Locked;
        foreach (var problem in deletion.Problems)
        {
            _problems.Enqueue(problem);
        }

        if (deletion.FirstLock is { } sentence)
        {
            reporter.Warn(sentence);
        }
    }

    private string KeyOf(StoredVersion version) => version.Key[StorageKeys.WalOf(cluster, plan.SystemId).Length..];
}
