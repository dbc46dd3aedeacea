using System.Text.Json;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Looks at everything that is stored and says how the host is doing. Changes nothing, and needs no host that runs.</summary>
/// <param name="state">The database.</param>
/// <param name="code">The app's code; null when it is not at hand.</param>
/// <param name="lease">How long work stays with a host that shows no sign of life.</param>
internal sealed class HostDoctor(StateSnapshot state, HistoryCheck? code, TimeSpan lease)
{
    /// <param name="place">Where the database is.</param>
    /// <param name="now">UTC.</param>
    /// <param name="limit">For how long an instance may stand still.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public async Task<HostReport> ExamineAsync(StatePlace place, DateTime now, TimeSpan limit, CancellationToken cancellationToken)
    {
        var report = new HostReport(place, state.Hub, state.SchemaVersion, SchemaScripts.Newest) { AppCodeAtHand = code is not null };
        if (state.SchemaVersion is null)
        {
            return report;
        }

        var hosts = await HostProcesses.ReadAsync(state, lease, cancellationToken);
        report = report with
        {
            Hosts = hosts,
            Backlog = await BacklogReader.ReadAsync(state, now, cancellationToken),
            Instances = await StatusesAsync(cancellationToken),
        };
        return state.IsReadable ? report with { OpenInstances = await OpenInstancesAsync(hosts, now, limit, cancellationToken) } : report;
    }

    private async Task<Dictionary<string, long>> StatusesAsync(CancellationToken cancellationToken)
    {
        var counts = await state.Connection.QueryAsync(
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            "SELECT status, count(*) FROM durable.instances WHERE hub = $1 GROUP BY status ORDER BY status",
            cancellationToken, state.Hub);
        return new Dictionary<string, long>(counts, StringComparer.Ordinal);
    }

    private async Task<List<InstanceDiagnosis>> OpenInstancesAsync(
        List<HostProcess> hosts, DateTime now, TimeSpan limit, CancellationToken cancellationToken)
    {
        var reader = new InstanceFactsReader(state);
        var names = hosts.ToDictionary(host => host.Owner, host => host.ToString());
        var found = new List<InstanceDiagnosis>();
        foreach (var instance in await reader.ListAsync(null, openOnly: true, cancellationToken))
        {
            try
            {
                found.Add(Diagnose(await reader.FactsAsync(instance, cancellationToken), names, now, limit));
            }
            catch (JsonException cause)
            {
                found.Add(Diagnosis(instance, 0, [], $"What is stored of it cannot be read by this version: {cause.Message}"));
            }
        }

        return found;
    }

    private InstanceDiagnosis Diagnose(InstanceFacts facts, Dictionary<int, string> hosts, DateTime now, TimeSpan limit)
    {
        var verdict = code?.Check(facts.History);
        var waits = WaitFinder.Find(facts, verdict is { Mismatch: null } ? verdict : null, owner => hosts.GetValueOrDefault(owner, $"host {owner}"));
        return Diagnosis(
            facts.Instance, facts.Events.Count(e => e.IsDue(now)), waits, StuckRule.Judge(facts, waits, verdict?.Mismatch, now, limit));
    }

    private static InstanceDiagnosis Diagnosis(StoredInstance instance, int unseen, IReadOnlyList<Wait> waits, string? stuck) => new(
        instance.InstanceId, instance.Name, instance.Status, instance.CreatedAt, instance.LastUpdatedAt, unseen, waits, stuck);
}
