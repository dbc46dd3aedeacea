using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Storage.Checks;

/// <summary>
/// Tries on a target all that backups and restores will ask of it, with a small object that is removed afterwards, and names the true
/// cause of what does not work.
/// </summary>
public sealed class TargetCheck
{
    private const int LatencySamples = 5;
    private const int SlowMilliseconds = 1_000;
    private const long Mebibyte = 1L << 20;
    private const long LittleSpace = 1024 * Mebibyte;

    private readonly IStorageTarget _target;
    private readonly ITargetInspection? _inspection;
    private readonly TimeProvider _time;
    private readonly ProbeObject _probe;
    private readonly TargetFindings _findings;

    private TargetCheck(IStorageTarget target, TimeProvider time)
    {
        (_target, _time) = (target, time);
        _inspection = (target as IInspectableTarget)?.Inspection;
        (_probe, _findings) = (new ProbeObject(target), new TargetFindings(target.Name));
    }

    /// <summary>All at the same time; reports in the order of the targets.</summary>
    public static async Task<IReadOnlyList<TargetReport>> RunAllAsync(
        IEnumerable<IStorageTarget> targets, TimeProvider time, CancellationToken cancellationToken) =>
        await Task.WhenAll(targets.Select(target => RunAsync(target, time, cancellationToken)));

    /// <summary>Throws only when cancelled: whatever fails is a finding.</summary>
    public static async Task<TargetReport> RunAsync(IStorageTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var check = new TargetCheck(target, time);
        await check.RunAsync(cancellationToken);
        return check._findings.ToReport();
    }

    /// <summary>For a target whose settings do not even allow to try.</summary>
    public static TargetReport Unusable(string target, PgdrException problem)
    {
        var findings = new TargetFindings(target);
        findings.Add(new TargetFinding(TargetCheckNames.Settings, CheckStatus.Fail, problem.Message));
        return findings.ToReport();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await ReachAsync(cancellationToken))
        {
            return;
        }

        await _findings.TryAsync(TargetCheckNames.Capacity, Capacity, cancellationToken);
        var leftovers = () => ProbeObject.RemoveLeftoversAsync(_target, _time, cancellationToken);
        if (!await TryAsync(TargetCheckNames.Credentials, "Listing is allowed.", leftovers, cancellationToken))
        {
            return;
        }

        var write = () => _probe.WriteAsync(_probe.Content, cancellationToken);
        if (await TryAsync(TargetCheckNames.Write, "A small object was written.", write, cancellationToken))
        {
            await UseAsync(cancellationToken);
        }

        // Also after a failed write, whose answer may have been lost.
        await _findings.TryAsync(TargetCheckNames.Delete, () => DeleteAsync(cancellationToken), cancellationToken);
    }

    private async Task<bool> ReachAsync(CancellationToken cancellationToken)
    {
        if (_inspection?.Unready() is { } unready)
        {
            _findings.Add(unready);
            return false;
        }

        if (_inspection?.Endpoint is not { } endpoint)
        {
            return true;
        }

        var http = new HttpProbe(endpoint, _time);
        if (!await _findings.TryAsync(TargetCheckNames.Connect, () => http.ConnectAsync(cancellationToken), cancellationToken))
        {
            return false;
        }

        _findings.Add(http.Clock());
        return true;
    }

    private async Task UseAsync(CancellationToken cancellationToken)
    {
        await _findings.TryAsync(TargetCheckNames.Read, () => ReadAsync(TargetCheckNames.Read, 0, cancellationToken), cancellationToken);
        await _findings.TryAsync(TargetCheckNames.RangedRead, () => ReadAsync(TargetCheckNames.RangedRead, 12_345, cancellationToken), cancellationToken);
        await _findings.TryAsync(TargetCheckNames.Overwrite, () => OverwriteAsync(cancellationToken), cancellationToken);
        await _findings.TryAsync(TargetCheckNames.List, () => FindInListAsync(cancellationToken), cancellationToken);
        await _findings.TryAsync(TargetCheckNames.Latency, () => LatencyAsync(cancellationToken), cancellationToken);
        if (_inspection is not null)
        {
            await _findings.TryAsync(
                TargetCheckNames.ConditionalWrite, () => _inspection.ConditionalWriteAsync(_probe.Key, _probe.Content, cancellationToken), cancellationToken);
            await _findings.TryAsync(TargetCheckNames.Versioning, () => _inspection.VersioningAsync(_probe.Key, cancellationToken), cancellationToken);
            await _findings.TryAsync(TargetCheckNames.Lock, () => _inspection.LockAsync(cancellationToken), cancellationToken);
        }
    }

    private Task<bool> TryAsync(string check, string success, Func<Task> action, CancellationToken cancellationToken) => _findings.TryAsync(
        check,
        async () =>
        {
            await action();
            return Ok(check, success);
        },
        cancellationToken);

    private async Task<TargetFinding> ReadAsync(string check, int offset, CancellationToken cancellationToken) =>
        await _probe.ReadsAsWrittenAsync(offset, cancellationToken)
            ? Ok(check, $"The bytes from {offset} on came back as written.")
            : Failed(check, $"The bytes from {offset} on came back altered: do not trust this target, and check what is between it and this machine.");

    private async Task<TargetFinding> OverwriteAsync(CancellationToken cancellationToken)
    {
        byte[] other = [.. _probe.Content.Reverse()];
        try
        {
            await _probe.WriteAsync(other, cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectDamaged)
        {
            return await _probe.ReadsAsWrittenAsync(0, cancellationToken)
                ? Ok(TargetCheckNames.Overwrite, "Other bytes for the same key are refused.")
                : Failed(TargetCheckNames.Overwrite, "A refused write changed the object all the same: do not trust this target.");
        }

        return Failed(TargetCheckNames.Overwrite, "An object was replaced by other bytes: do not trust this target.");
    }

    private async Task<TargetFinding> FindInListAsync(CancellationToken cancellationToken)
    {
        await foreach (var found in _target.ListAsync(_probe.Key, cancellationToken))
        {
            return found.Size == _probe.Content.Length
                ? Ok(TargetCheckNames.List, "A new object is listed at once with its size.")
                : Failed(TargetCheckNames.List, $"The listing gives {found.Size} bytes for an object of {_probe.Content.Length}: do not trust this target.");
        }

        return Failed(TargetCheckNames.List, "A new object is not listed: listings must be consistent with writes, as those of S3 and Azure are.");
    }

    private async Task<TargetFinding> LatencyAsync(CancellationToken cancellationToken)
    {
        var samples = new List<double>();
        for (var sample = 0; sample < LatencySamples; sample++)
        {
            var started = _time.GetTimestamp();
            if (await _target.FindAsync(_probe.Key, cancellationToken) is null)
            {
                return Failed(TargetCheckNames.Latency, "An object that was just written is reported absent: do not trust this target.");
            }

            samples.Add(_time.GetElapsedTime(started).TotalMilliseconds);
        }

        samples.Sort();
        var median = Math.Round(samples[LatencySamples / 2], 1);
        _findings.LatencyMilliseconds = median;
        return median < SlowMilliseconds
            ? Ok(TargetCheckNames.Latency, $"The median of a small request is {median:0.#} ms.")
            : new TargetFinding(TargetCheckNames.Latency, CheckStatus.Warn, $"The median of a small request is {median:0} ms: backups of many objects will be slow; choose a nearer region.");
    }

    private Task<TargetFinding> Capacity()
    {
        _findings.FreeBytes = _inspection?.FreeBytes;
        return Task.FromResult(_findings.FreeBytes switch
        {
            null => Ok(TargetCheckNames.Capacity, "The target does not tell how much it can hold."),
            < LittleSpace and var free => new TargetFinding(
                TargetCheckNames.Capacity, CheckStatus.Warn, $"Only {free / Mebibyte} MiB are free: free space before the next backup needs it."),
            var free => Ok(TargetCheckNames.Capacity, $"{free / Mebibyte} MiB are free."),
        });
    }

    private async Task<TargetFinding> DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _target.DeleteForGoodAsync(_probe.Key, cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused or ErrorCodes.ObjectLocked)
        {
            // Right for a bucket that nobody may delete from, and then somebody else has to free its space.
            return new TargetFinding(TargetCheckNames.Delete, CheckStatus.Warn, $"{e.Message} Retention frees nothing here.");
        }

        return await _target.FindAsync(_probe.Key, cancellationToken) is null
            ? Ok(TargetCheckNames.Delete, "The object was removed.")
            : Failed(TargetCheckNames.Delete, $"{_probe.Key} is there after its deletion succeeded: do not trust this target.");
    }

    private static TargetFinding Ok(string check, string detail) => new(check, CheckStatus.Ok, detail);

    private static TargetFinding Failed(string check, string detail) => new(check, CheckStatus.Fail, detail);
}
