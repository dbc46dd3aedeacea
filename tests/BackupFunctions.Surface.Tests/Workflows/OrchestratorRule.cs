using BackupFunctions.Surface.Tests.App;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>DURABLE0007, 0008 and 0010: an orchestrator gets its context and its input, nothing else, neither here nor by its constructor.</summary>
internal static class OrchestratorRule
{
    public static IEnumerable<WorkflowFinding> Findings(IEnumerable<AppFunction> functions) =>
        functions.Where(function => function.IsOrchestrator).SelectMany(Findings);

    private static IEnumerable<WorkflowFinding> Findings(AppFunction orchestrator)
    {
        var method = orchestrator.Method;
        var where = method.DeclaringSyntaxReferences[0].GetSyntax();
        var others = orchestrator.Bindings()
            .Where(binding => binding.Attribute.Name != "OrchestrationTriggerAttribute")
            .Select(binding => binding.Parameter.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var parameter in method.Parameters)
        {
            var type = parameter.Type.ToDisplayString();
            if (type == "System.Threading.CancellationToken")
            {
                yield return new WorkflowFinding("DURABLE0007", where, "an orchestrator takes no CancellationToken.");
            }
            else if (type.StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal))
            {
                yield return new WorkflowFinding("DURABLE0010", where, "an orchestrator logs by context.CreateReplaySafeLogger.");
            }
            else if (others.Contains(parameter.Name) || type.StartsWith("Microsoft.Azure.Functions.Worker.", StringComparison.Ordinal))
            {
                yield return new WorkflowFinding("DURABLE0008", where, $"an orchestrator is bound to its trigger alone, not to {parameter.Name}.");
            }
        }

        if (method.ContainingType.InstanceConstructors.Any(constructor => constructor.Parameters.Length > 0))
        {
            yield return new WorkflowFinding("DURABLE0008", where, "an orchestrator's class is given nothing by its constructor.");
        }
    }
}
