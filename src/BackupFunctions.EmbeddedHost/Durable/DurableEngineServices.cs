using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.Durable.Management;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BackupFunctions.EmbeddedHost.Durable;

internal static class DurableEngineServices
{
    /// <summary>
    /// Registers the engine, <see cref="DurableTaskClient"/> and <see cref="IInstanceHistory"/>.
    /// Needs <see cref="IStateDatabase"/>, <see cref="DurableFunctionRegistry"/>, options, TimeProvider and logging.
    /// </summary>
    public static IServiceCollection AddDurableEngine(this IServiceCollection services)
    {
        services.TryAddSingleton<DataConverter, JsonDataConverter>();
        services.AddSingleton<DurableDatabase>();
        services.AddSingleton<WorkNotifications>();
        services.AddSingleton<OrchestrationStore>();
        services.AddSingleton<ActivityStore>();
        services.AddSingleton<OwnerStore>();
        services.AddSingleton<EventSender>();
        services.AddSingleton<InstanceStarter>();
        services.AddSingleton<InstanceReader>();
        services.AddSingleton<InstancePurger>();
        services.AddSingleton<InstanceWaiter>();
        services.AddSingleton<InstanceRewinder>();
        services.AddSingleton<OwnerSession>();
        services.AddSingleton<OrchestrationDispatcher>();
        services.AddSingleton<ActivityDispatcher>();
        services.AddSingleton<LeaseRenewer>();
        services.AddSingleton<DurableTaskClient, EmbeddedDurableTaskClient>();
        services.AddSingleton<IInstanceHistory, InstanceHistory>();
        return services.AddHostedService<DurableEngine>();
    }
}
