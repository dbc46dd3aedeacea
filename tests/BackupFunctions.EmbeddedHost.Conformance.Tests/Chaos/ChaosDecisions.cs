using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>
/// No execution decides twice at the same point, and every decision of the last execution was made on a beginning of the history
/// that is stored in the end: there was one history only.
/// </summary>
internal sealed class ChaosDecisions(EngineHost client)
{
    private readonly InstanceReader _reader = client.Service<InstanceReader>();

    /// <returns>What was broken.</returns>
    public async Task<List<string>> CheckAsync(IReadOnlyList<(string InstanceId, string ExecutionId, int Length, string Digest)> decisions)
    {
        var broken = decisions.GroupBy(d => (d.InstanceId, d.ExecutionId, d.Length))
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Key.InstanceId} decided {same.Count()} times on {same.Key.Length} events of {same.Key.ExecutionId}")
            .ToList();
        if (decisions.Count == 0)
        {
            broken.Add("no decision was logged");
        }

        foreach (var instance in decisions.GroupBy(d => d.InstanceId, StringComparer.Ordinal))
        {
            var stored = await _reader.GetAsync(instance.Key, false, CancellationToken.None);
            var history = await _reader.GetHistoryAsync(instance.Key, CancellationToken.None);
            broken.AddRange(instance
                .Where(d => string.Equals(d.ExecutionId, stored!.ExecutionId, StringComparison.Ordinal))
                .Where(d => !string.Equals(HistoryDigest.Of(history.Take(d.Length)), d.Digest, StringComparison.Ordinal))
                .Select(d => $"{d.InstanceId} decided on {d.Length} events that are not the stored ones"));
        }

        return broken;
    }
}
