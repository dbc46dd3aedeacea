using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Durable.Management;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>One engine on a database, as a host would run it.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public EngineHost(
        string connectionString, Action<DurableEngineOptions>? configure = null, TimeProvider? time = null, ILoggerProvider? log = null)
    {
        var services = new ServiceCollection()
            .AddSingleton<IStateDatabase>(_ => new ConnectionStringStateDatabase(connectionString))
            .AddSingleton(Functions)
            .AddSingleton(time ?? TimeProvider.System)
            .AddLogging(logging => logging.AddProvider(log ?? Log).SetMinimumLevel(log is null ? LogLevel.Debug : LogLevel.Trace))
            .Configure<DurableEngineOptions>(options => configure?.Invoke(options))
            .AddDurableEngine();
        _services = services.BuildServiceProvider();
    }

    public DurableFunctionRegistry Functions { get; } = new();

    public RecordedLog Log { get; } = new();

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    public IInstanceHistory History => _services.GetRequiredService<IInstanceHistory>();

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public EngineHost Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        Functions.AddOrchestrator(name, async context => await run(context));
        return this;
    }

    public EngineHost Activity<TInput>(string name, Func<TInput?, CancellationToken, Task<object?>> run)
    {
        Functions.AddActivity(name, (call, cancellation) => run(new JsonDataConverter().Deserialize<TInput>(call.Input), cancellation));
        return this;
    }

    public EngineHost Activity<TInput>(string name, Func<TInput?, object?> run) =>
        Activity<TInput>(name, (input, _) => Task.FromResult(run(input)));

    public async Task<EngineHost> StartAsync()
    {
        await Engine.StartAsync(CancellationToken.None);
        return this;
    }

    public Task StopAsync() => Engine.StopAsync(CancellationToken.None);

    /// <summary>The host stops without giving anything back; what runs, runs on.</summary>
    public Task AbandonAsync() => ((IAsyncDisposable)Engine).DisposeAsync().AsTask();

    /// <summary>Starts an instance and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options);
        return await EndAsync(id);
    }

    public Task<OrchestrationMetadata> EndAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Waits until the instance is in a state, as a client would see it.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string id, Func<OrchestrationMetadata, bool> isReached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var found = await Client.GetInstanceAsync(id, getInputsAndOutputs: true, patience.Token);
            if (found is not null && isReached(found))
            {
                return found;
            }

            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Names of the events in the instance's history, turns left out.</summary>
    public async Task<List<string>> EventsAsync(string id)
    {
        var events = await History.GetAsync(id, CancellationToken.None) ?? [];
        return [.. events.Select(e => e.EventType).Where(type => type is not ("OrchestratorStarted" or "OrchestratorCompleted"))];
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private IHostedService Engine => _services.GetServices<IHostedService>().Single();
}
