using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Storage.Checks;

/// <summary>The part of <see cref="TargetCheck"/> that a recovery depends on, within a time and without writing anything.</summary>
public static class TargetReadCheck
{
    private const int LatencySamples = 3;
    private const int SlowMilliseconds = 1_000;

    /// <summary>Bytes of the ranged read at most.</summary>
    private const long Tail = 64 * 1024;

    /// <summary>Throws only when cancelled: whatever fails, also to answer in time, is a finding.</summary>
    /// <param name="target">To be read from.</param>
    /// <param name="key">An object that it should hold.</param>
    /// <param name="size">Of that object, bytes.</param>
    /// <param name="limit">For all of it.</param>
    /// <param name="time">The clock that the target's is compared with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TargetReport> RunAsync(
        IStorageTarget target, string key, long size, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var findings = new TargetFindings(target.Name);
        try
        {
            // Not by the token alone: a folder of a server that is gone holds a thread whatever its token says.
            await Task.Run(() => LookAsync(findings, target, key, size, time, enough.Token), enough.Token).WaitAsync(limit, time, cancellationToken);
            return findings.ToReport();
        }
        catch (TimeoutException)
        {
            await enough.CancelAsync();
            var late = new TargetFindings(target.Name);
            late.Add(Failed(TargetCheckNames.Connect, $"It did not answer within {limit.TotalSeconds:0.#} s: check the connection to it."));
            return late.ToReport();
        }
    }

    private static async Task LookAsync(
        TargetFindings findings, IStorageTarget target, string key, long size, TimeProvider time, CancellationToken cancellationToken)
    {
        if ((target as IInspectableTarget)?.Inspection.Endpoint is { } endpoint)
        {
            var http = new HttpProbe(endpoint, time);
            if (!await findings.TryAsync(TargetCheckNames.Connect, () => http.ConnectAsync(cancellationToken), cancellationToken))
            {
                return;
            }

            findings.Add(http.Clock());
        }

        if (await findings.TryAsync(TargetCheckNames.List, () => ListAsync(target, key, size, cancellationToken), cancellationToken)
            && await findings.TryAsync(TargetCheckNames.RangedRead, () => ReadAsync(target, key, size, cancellationToken), cancellationToken))
        {
            await findings.TryAsync(TargetCheckNames.Latency, () => LatencyAsync(findings, target, key, time, cancellationToken), cancellationToken);
        }
    }

    private static async Task<TargetFinding> ListAsync(IStorageTarget target, string key, long size, CancellationToken cancellationToken)
    {
        await foreach (var found in target.ListAsync(key, cancellationToken))
        {
            if (string.Equals(found.Key, key, StringComparison.Ordinal) && found.Size == size)
            {
                return Ok(TargetCheckNames.List, "Listing is allowed.");
            }
        }

        return Failed(TargetCheckNames.List, $"{key} is not listed with its size: run 'pgdr backup verify' for this backup.");
    }

    private static async Task<TargetFinding> ReadAsync(IStorageTarget target, string key, long size, CancellationToken cancellationToken)
    {
        var from = Math.Max(0, size - Tail);

        // A byte more than there should be, so that a longer object shows.
        var bytes = new byte[size - from + 1];
        await using var stream = await target.OpenReadAsync(key, from, cancellationToken);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return from + read == size
            ? Ok(TargetCheckNames.RangedRead, $"The bytes from {from} on were read.")
            : Failed(TargetCheckNames.RangedRead, $"From {from} on {key} gave {read} bytes in place of {size - from}: run 'pgdr backup verify' for this backup.");
    }

    private static async Task<TargetFinding> LatencyAsync(
        TargetFindings findings, IStorageTarget target, string key, TimeProvider time, CancellationToken cancellationToken)
    {
        var samples = new List<double>();
        for (var sample = 0; sample < LatencySamples; sample++)
        {
            var started = time.GetTimestamp();
            await target.FindAsync(key, cancellationToken);
            samples.Add(time.GetElapsedTime(started).TotalMilliseconds);
        }

        samples.Sort();
        var median = Math.Round(samples[LatencySamples / 2], 1);
        findings.LatencyMilliseconds = median;
        return median < SlowMilliseconds
            ? Ok(TargetCheckNames.Latency, $"The median of a small request is {median:0.#} ms.")
            : new TargetFinding(TargetCheckNames.Latency, CheckStatus.Warn, $"The median of a small request is {median:0} ms: the download will be slow.");
    }

    private static TargetFinding Ok(string check, string detail) => new(check, CheckStatus.Ok, detail);

    private static TargetFinding Failed(string check, string detail) => new(check, CheckStatus.Fail, detail);
}
