using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.EmbeddedHost.Tests.Support;

/// <summary>A durable engine on a database; its client works before the start and after the stop too.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    public Engine(string connectionString, TimeProvider? time = null)
    {
        _services = new ServiceCollection()
            .AddSingleton<IStateDatabase>(_ => new ConnectionStringStateDatabase(connectionString))
            .AddSingleton(Functions)
            .AddSingleton(time ?? TimeProvider.System)
            .AddLogging()
            .Configure<DurableEngineOptions>(options => options.DrainTimeout = TimeSpan.FromSeconds(1))
            .AddDurableEngine()
            .BuildServiceProvider();
    }

    public DurableFunctionRegistry Functions { get; } = new();

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    private IHostedService Hosted => _services.GetServices<IHostedService>().Single();

    public Engine Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        Functions.AddOrchestrator(name, async context => await run(context));
        return this;
    }

    public Engine Activity(string name, Func<string?, CancellationToken, Task<object?>> run)
    {
        Functions.AddActivity(name, (call, cancellation) => run(new JsonDataConverter().Deserialize<string>(call.Input), cancellation));
        return this;
    }

    public Task StartAsync() => Hosted.StartAsync(CancellationToken.None);

    public Task StopAsync() => Hosted.StopAsync(CancellationToken.None);

    public Task<string> ScheduleAsync(string orchestrator, string id, object? input = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));

    public async Task<OrchestrationMetadata> EndAsync(string id)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
    }

    public Task UntilStatusAsync(string id, OrchestrationRuntimeStatus status) =>
        UntilAsync(async () => (await Client.GetInstanceAsync(id))?.RuntimeStatus == status);

    public static async Task UntilAsync(Func<Task<bool>> isReached)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await isReached())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
