using System.Collections.Concurrent;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>
/// Copies to each target what others hold and it does not: oldest first, as much as one run may. A target that does not take one is left
/// alone until the next run.
/// </summary>
internal sealed class LogCopying(ServerLog log, LogProofs proofs, LogInspector inspector, LogMender mender, LogBudget budget, LogCounts counts)
{
    private const int Parallelism = 4;

    private readonly ConcurrentDictionary<string, byte> _refusing = new(StringComparer.Ordinal);

    /// <summary>Objects that this run has copied or failed to.</summary>
    private readonly ConcurrentDictionary<string, byte> _tried = new(StringComparer.Ordinal);

    /// <param name="lacking">Objects that some targets that can be asked do not hold.</param>
    /// <param name="now">The draw of this hour is used where the oldest ones cannot be copied: they do not stand in the way of the others.</param>
    /// <param name="cancellationToken">Ends it; what was copied stays.</param>
    public async Task RunAsync(IReadOnlyCollection<LogObject> lacking, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await PassAsync(lacking.OrderBy(item => item.Key, StringComparer.Ordinal), cancellationToken);
        if (budget.IsStuck)
        {
            budget.ForgetFailures();
            await PassAsync(LogSample.Shuffle(lacking, now), cancellationToken);
        }
    }

    private Task PassAsync(IEnumerable<LogObject> ordered, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        ordered.TakeWhile(_ => !budget.IsSpent && !budget.IsStuck),
        new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
        async (item, token) => await CopyAsync(item, token));

    private async Task CopyAsync(LogObject item, CancellationToken cancellationToken)
    {
        List<IStorageTarget> takers = [.. log.TargetsWithout(item).Where(target => !_refusing.ContainsKey(target.Name))];
        if (takers.Count == 0 || !_tried.TryAdd(item.Key, 0))
        {
            return;
        }

        try
        {
            var listed = await proofs.FindAsync(item.Name, cancellationToken);
            var holders = log.TargetsWith(item);
            var content = listed is null ? await ReadAsync(item, holders, cancellationToken) : new ExpectedObject(listed.Size, listed.Sha256);
            foreach (var target in takers)
            {
                await CopyAsync(item, content, holders, target, cancellationToken);
            }
        }
        catch (PgdrException e)
        {
            budget.Failed();
            counts.Problem(e.Message);
        }
    }

    private async Task CopyAsync(
        LogObject item, ExpectedObject content, IReadOnlyList<IStorageTarget> holders, IStorageTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await mender.CopyAsync(item.Name, content, holders, target, cancellationToken);
            budget.Copied(content.Size);
            counts.Copied();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is StorageException or IOException)
        {
            budget.Failed();
            counts.Problem($"{item.Name} was not copied to target '{target.Name}': {e.Message}");
            if (e is StorageException { Code: not ErrorCodes.ObjectDamaged } failure && string.Equals(failure.Target, target.Name, StringComparison.Ordinal))
            {
                _refusing.TryAdd(target.Name, 0);
            }
        }
    }

    /// <summary>Nothing but the name says what it has to be, so one copy is read whole first.</summary>
    private async Task<ExpectedObject> ReadAsync(LogObject item, IReadOnlyList<IStorageTarget> holders, CancellationToken cancellationToken)
    {
        string? whyNot = null;
        foreach (var holder in holders)
        {
            var reading = await inspector.ReadAsync(holder, item.Name, listed: null, cancellationToken);
            if (reading.Content is { } content)
            {
                return content;
            }

            whyNot ??= reading.Detail;
        }

        throw new StorageException(ErrorCodes.CopiesMissing, holders[0].Name, $"No target that can be read has a good {item.Name}, so it was copied nowhere: {whyNot}");
    }
}
