using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Functions;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>Hands orchestrators and activities to the durable engine.</summary>
internal static class DurableFunctions
{
    public static DurableFunctionRegistry Register(FunctionCatalog catalog, FunctionInvoker invoker)
    {
        var registry = new DurableFunctionRegistry();
        foreach (var (function, _) in catalog.With<OrchestrationFunctionTrigger>())
        {
            registry.AddOrchestrator(function.Name, context => invoker.RunOrchestratorAsync(function, context));
        }

        foreach (var (function, _) in catalog.With<ActivityFunctionTrigger>())
        {
            registry.AddActivity(function.Name, (call, cancellationToken) => invoker.RunAsync(function, call, cancellationToken));
        }

        return registry;
    }
}
