using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>One server's log: reads a sample of it on every target that holds it, and copies what a target that answers does not hold.</summary>
internal sealed class ServerLogCheck
{
    /// <summary>What is younger, by the targets' clocks, is left alone: its receiver may still be writing it.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    private const int Parallelism = 4;

    private readonly ServerLog _log;
    private readonly LogInspector _inspector;
    private readonly LogMender _mender;
    private readonly LogProofs _proofs;
    private readonly LogDocuments _documents;
    private readonly LogDocumentRepair _documentRepair;
    private readonly LogCounts _counts;

    public ServerLogCheck(string cluster, ServerLog log, VerificationKeyRing keys, IJobReporter reporter, LogCounts counts)
    {
        (_log, _counts) = (log, counts);
        _inspector = new LogInspector(cluster, log.System, reporter);
        _mender = new LogMender(cluster, log.System, _inspector, reporter);
        _proofs = new LogProofs(cluster, log.System, log.Targets, keys);
        _documents = new LogDocuments(cluster, log, keys);
        _documentRepair = new LogDocumentRepair(log.System, log.Targets, counts);
    }

    public async Task RunAsync(VerifyCopiesParameters parameters, LogBudget budget, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_log.WithoutEpoch > 0)
        {
            _counts.Problem(
                $"{_log.WithoutEpoch} objects of log of server {_log.System} belong to epochs that no target which answers holds, so no key opens them: bring an unreachable target back, or find out who removed the epochs or wrote the objects.");
        }

        var sample = LogSample.Choose(_log.Objects, now, parameters.All);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(sample, options, async (item, token) => await CheckAsync(item, parameters.Repair, token));
        foreach (var epoch in sample.Select(item => item.Name.Epoch).Distinct(StringComparer.Ordinal).Select(_documents.Epoch).Where(epoch => epoch.Lacking.Count == 0))
        {
            await _documentRepair.RunAsync(epoch, parameters.Repair, cancellationToken);
        }

        await CompleteAsync(parameters.Repair, budget, now, cancellationToken);
        _counts.Objects += _log.Objects.Count + _log.Documents;
        _counts.Checked += sample.Count;
        _counts.BytesRead += _inspector.BytesRead;
    }

    private async Task CompleteAsync(bool repair, LogBudget budget, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var settledBefore = now - Settled;

        // Before the log that they open.
        foreach (var document in _documents.Lacking(settledBefore))
        {
            _counts.Missing(document.Lacking.Count);
            if (repair && !budget.IsSpent)
            {
                var made = await _documentRepair.RunAsync(document, repair, cancellationToken);
                for (var copy = 0; copy < made; copy++)
                {
                    _counts.Copied();
                    budget.Copied(0);
                }
            }
        }

        var lacking = _log.Lacking(settledBefore);
        _counts.Missing(lacking.Sum(item => _log.TargetsWithout(item).Count));
        if (repair)
        {
            await new LogCopying(_log, _proofs, _inspector, _mender, budget, _counts).RunAsync(lacking, now, cancellationToken);
        }
    }

    private async Task CheckAsync(LogObject item, bool repair, CancellationToken cancellationToken)
    {
        WalInventoryObject? listed;
        try
        {
            listed = await _proofs.FindAsync(item.Name, cancellationToken);
        }
        catch (PgdrException e)
        {
            // Nobody's, or of a receiver whose documents cannot be read: nothing to compare it with.
            _counts.Problem(e.Message);
            return;
        }

        var readings = new List<LogReading>();
        foreach (var target in _log.TargetsWith(item))
        {
            readings.Add(await _inspector.ReadAsync(target, item.Name, listed, cancellationToken));
        }

        List<IStorageTarget> good = [.. readings.Where(reading => reading.Condition == ObjectCondition.Good).Select(reading => reading.Target)];
        foreach (var reading in readings)
        {
            if (reading.Condition == ObjectCondition.Good)
            {
                _counts.Good();
            }
            else if (reading.Condition == ObjectCondition.Unknown)
            {
                _counts.Add(new LogFinding(_log.System, item.Key, reading.Target.Name, CopyCondition.Unreachable, reading.Detail!));
            }
            else if (reading.Condition == ObjectCondition.Wrong)
            {
                var outcome = repair ? await _mender.ReplaceAsync(item.Name, listed, good, reading.Target, cancellationToken) : new Replacement(WhyNot: null);
                _counts.Add(new LogFinding(_log.System, item.Key, reading.Target.Name, CopyCondition.Damaged, reading.Detail!)
                {
                    Repaired = outcome.Replaced,
                    ReadRight = outcome.ReadRight,
                    NotRepaired = outcome.WhyNot,
                });
            }
        }
    }
}
