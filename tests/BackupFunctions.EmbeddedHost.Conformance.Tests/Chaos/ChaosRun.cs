using System.Diagnostics;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>Two host processes on one state database; every second one of them is killed and started again.</summary>
internal sealed class ChaosRun(string connectionString, int instances)
{
    private static readonly TimeSpan KillInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _hub = $"chaos {Guid.NewGuid():N}";
    private readonly int[] _expected = [.. Enumerable.Range(0, instances).Select(n => ChaosHost.EffectsPerInstance + n)];

    public async Task<ChaosReport> RunAsync(TimeSpan killing)
    {
        using var logs = new TemporaryFolder();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var create = source.CreateCommand($"CREATE TABLE {ChaosHost.Table} (step text NOT NULL)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        // Never started: only its client is used.
        await using var client = new EngineHost(connectionString, options => options.HubName = _hub);
        Process[] hosts = [Start(logs.Path), Start(logs.Path)];
        try
        {
            var kills = 0;
            var begin = Stopwatch.GetTimestamp();
            var starting = StartInstancesAsync(client, killing);
            while (Stopwatch.GetElapsedTime(begin) < killing)
            {
                await Task.Delay(KillInterval);
                var victim = Random.Shared.Next(hosts.Length);
                await KillAsync(hosts[victim]);
                hosts[victim] = Start(logs.Path);
                kills++;
            }

            await starting;
            var ended = (await EndedAsync(client)).Count;
            var settling = Stopwatch.GetTimestamp();
            var broken = await WaitForAllAsync(client);
            var settled = Stopwatch.GetElapsedTime(settling);
            broken.AddRange(await EffectsMissingAsync(source));
            var decisions = DecisionLog.Read(logs.Path).ToList();
            broken.AddRange(await new ChaosDecisions(client).CheckAsync(decisions));
            var (effects, repeated) = await CountEffectsAsync(source);
            return new ChaosReport(kills, instances, ended, settled, effects, repeated, decisions.Count, broken);
        }
        finally
        {
            foreach (var host in hosts)
            {
                await KillAsync(host);
            }
        }
    }

    private Process Start(string logFolder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(ChaosRun).Assembly.Location, "chaos-host", connectionString, _hub, logFolder })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
    }

    private static async Task KillAsync(Process host)
    {
        host.Kill();
        await host.WaitForExitAsync();
        host.Dispose();
    }

    /// <summary>Spread over most of the time, so that kills meet instances in every state.</summary>
    private async Task StartInstancesAsync(EngineHost client, TimeSpan killing)
    {
        for (var n = 0; n < instances; n++)
        {
            await client.Client.ScheduleNewOrchestrationInstanceAsync(ChaosHost.Flow, new[] { n, 0 }, new StartOrchestrationOptions($"chaos-{n}"));
            await client.Client.RaiseEventAsync($"chaos-{n}", "go", n);
            await Task.Delay(killing * 0.8 / instances);
        }
    }

    private static async Task<List<OrchestrationMetadata>> EndedAsync(EngineHost client)
    {
        var ended = new List<OrchestrationMetadata>();
        await foreach (var found in client.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "chaos-", FetchInputsAndOutputs: true)))
        {
            if (found.IsCompleted)
            {
                ended.Add(found);
            }
        }

        return ended;
    }

    private async Task<List<string>> WaitForAllAsync(EngineHost client)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < Patience)
        {
            var ended = await EndedAsync(client);
            if (ended.Count == instances)
            {
                return ended
                    .Where(e => e.RuntimeStatus != OrchestrationRuntimeStatus.Completed || e.ReadOutputAs<int>() != _expected[Number(e)])
                    .Select(e => $"{e.InstanceId} ended as {e} with {e.SerializedOutput}")
                    .ToList();
            }

            await Task.Delay(100);
        }

        var missing = Enumerable.Range(0, instances).Select(n => $"chaos-{n}").Except((await EndedAsync(client)).Select(e => e.InstanceId), StringComparer.Ordinal);
        return [.. missing.Select(id => $"{id} did not end within {Patience}")];
    }

    private static int Number(OrchestrationMetadata instance) =>
        int.Parse(instance.InstanceId.AsSpan("chaos-".Length), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IEnumerable<string>> EffectsMissingAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand($"SELECT count(DISTINCT step) FROM {ChaosHost.Table}");
        var found = (long)(await command.ExecuteScalarAsync())!;
        var wanted = (long)instances * ChaosHost.EffectsPerInstance;
        return found == wanted ? [] : [$"{wanted - found} of {wanted} effects are missing"];
    }

    private static async Task<(long Effects, long Repeated)> CountEffectsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand($"SELECT count(DISTINCT step), count(*) FROM {ChaosHost.Table}");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1) - reader.GetInt64(0));
    }
}
