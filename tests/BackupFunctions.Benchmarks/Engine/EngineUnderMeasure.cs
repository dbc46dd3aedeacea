using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Benchmarks.Engine;

/// <summary>The embedded host's durable engine with the workflows that are measured.</summary>
internal sealed class EngineUnderMeasure : IAsyncDisposable
{
    /// <summary>Input: how many activities, one after the other.</summary>
    public const string Chain = "Chain";

    /// <summary>Ends with the first event of the name <see cref="Never"/>.</summary>
    public const string Waits = "Waits";

    public const string Never = "never";

    private readonly ServiceProvider _services;

    private EngineUnderMeasure(string connectionString, Action activityBegun)
    {
        var functions = new DurableFunctionRegistry();
        functions.AddOrchestrator(Chain, RunChainAsync);
        functions.AddOrchestrator(Waits, context => context.WaitForExternalEvent<object?>(Never));
        functions.AddActivity("Next", (_, _) =>
        {
            activityBegun();
            return Task.FromResult<object?>(null);
        });
        _services = new ServiceCollection()
            .AddSingleton<IStateDatabase>(_ => new ConnectionStringStateDatabase(connectionString))
            .AddSingleton(functions)
            .AddSingleton(TimeProvider.System)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddDurableEngine()
            .BuildServiceProvider();
    }

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    public static async Task<EngineUnderMeasure> StartAsync(string connectionString, Action? activityBegun = null)
    {
        var engine = new EngineUnderMeasure(connectionString, activityBegun ?? (() => { }));
        foreach (var service in engine._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return engine;
    }

    public async Task EndAsync(string instanceId)
    {
        var end = await Client.WaitForInstanceCompletionAsync(instanceId);
        if (end.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
        {
            throw new InvalidOperationException($"Instance {instanceId} ended as {end.RuntimeStatus}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }

    private static async Task<object?> RunChainAsync(TaskOrchestrationContext context)
    {
        for (var left = context.GetInput<int>(); left > 0; left--)
        {
            await context.CallActivityAsync("Next");
        }

        return null;
    }
}
