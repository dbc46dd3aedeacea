using System.Globalization;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.JobRunners.Slots;

/// <summary>
/// At most so many jobs at a time on this machine, whatever host started them: a slot is a lock that its process holds, so it is free when
/// that process is gone, however it went. Those who wait stand in a folder, sorted by priority and time.
/// </summary>
public sealed class JobSlots
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WaitForLook = TimeSpan.FromMilliseconds(20);

    /// <summary>A place in the queue is made before it is locked; a younger one without a lock may still be in the making.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private readonly string _slots;
    private readonly string _queue;
    private readonly int _limit;
    private readonly TimeProvider _time;

    /// <param name="runStorePath">The run store; slots lie in a folder of it that no run id can name.</param>
    /// <param name="limit">Jobs at a time, at least 1; disaster recovery comes on top.</param>
    /// <param name="time">Between looks.</param>
    public JobSlots(string runStorePath, int limit, TimeProvider time)
    {
        _slots = Path.Combine(runStorePath, ".slots");
        _queue = Path.Combine(runStorePath, ".queue");
        (_limit, _time) = (limit, time);
    }

    /// <summary>Waits for a free slot; given back by disposing.</summary>
    /// <param name="priority">Disaster recovery and write-ahead log do not wait and take no slot.</param>
    /// <param name="runId">Whose job it is.</param>
    /// <param name="onWaiting">Called once when the job has to wait.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    public async Task<IDisposable?> EnterAsync(JobPriority priority, string runId, Action onWaiting, CancellationToken cancellationToken)
    {
        if (priority is JobPriority.DisasterRecovery or JobPriority.WriteAheadLog)
        {
            return null;
        }

        PrivateFiles.CreateFolder(_slots);
        PrivateFiles.CreateFolder(_queue);
        var name = string.Create(CultureInfo.InvariantCulture, $"{(int)priority}-{_time.GetUtcNow().UtcTicks:D19}-{runId}");
        var place = Path.Combine(_queue, name);
        PrivateFiles.CreateFolder(place);
        try
        {
            using var inQueue = await LockAsync(place, cancellationToken);
            for (var looks = 0; ; looks++)
            {
                if (IsFirst(name) && TryTakeSlot() is { } slot)
                {
                    return slot;
                }

                if (looks == 0)
                {
                    onWaiting();
                }

                await Task.Delay(Look, _time, cancellationToken);
            }
        }
        finally
        {
            Remove(place);
        }
    }

    /// <summary>One who looks may hold the lock for a moment.</summary>
    private async Task<RunLock> LockAsync(string place, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (RunLock.TryAcquire(place) is { } taken)
            {
                return taken;
            }

            await Task.Delay(WaitForLook, _time, cancellationToken);
        }
    }

    private bool IsFirst(string name)
    {
        foreach (var other in Directory.EnumerateDirectories(_queue).Order(StringComparer.Ordinal))
        {
            if (string.CompareOrdinal(Path.GetFileName(other), name) >= 0)
            {
                return true;
            }

            if (RunLock.IsHeld(other))
            {
                return false;
            }

            RemoveAbandoned(other);
        }

        return true;
    }

    private void RemoveAbandoned(string place)
    {
        if (_time.GetUtcNow().UtcDateTime - Directory.GetCreationTimeUtc(place) > Abandoned)
        {
            Remove(place);
        }
    }

    /// <summary>Several may remove the same place at once.</summary>
    private static void Remove(string place)
    {
        try
        {
            Directory.Delete(place, recursive: true);
        }
        catch (IOException) when (!Directory.Exists(place))
        {
        }
    }

    private RunLock? TryTakeSlot()
    {
        for (var number = 0; number < _limit; number++)
        {
            var slot = Path.Combine(_slots, number.ToString(CultureInfo.InvariantCulture));
            PrivateFiles.CreateFolder(slot);
            if (RunLock.TryAcquire(slot) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }
}
