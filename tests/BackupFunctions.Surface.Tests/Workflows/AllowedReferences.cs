using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>
/// What workflows may name: themselves, Contracts, Durable Task's programming model, and the parts of .NET that only compute.
/// </summary>
internal sealed class AllowedReferences
{
    private const string Contracts = "BackupFunctions.Contracts";

    private static readonly string[] ComputingNamespaces =
    [
        "System", "System.Collections", "System.Diagnostics.CodeAnalysis", "System.Globalization", "System.Linq", "System.Text",
        "System.Runtime.CompilerServices", "System.Threading.Tasks", "System.Numerics",
    ];

    private static readonly HashSet<string> OtherTypes = new(StringComparer.Ordinal)
    {
        "System.Threading.CancellationToken", "System.Threading.CancellationTokenSource", "System.Threading.Timeout",
        "Microsoft.Extensions.Logging.ILogger", "Microsoft.Extensions.Logging.LoggerExtensions", "Microsoft.Extensions.Logging.LogLevel",
        "Microsoft.Azure.Functions.Worker.FunctionAttribute", "Microsoft.Azure.Functions.Worker.OrchestrationTriggerAttribute",
    };

    private readonly IAssemblySymbol _app;
    private readonly Func<SyntaxTree, bool> _isWorkflow;

    public AllowedReferences(IAssemblySymbol app, Func<SyntaxTree, bool> isWorkflow) => (_app, _isWorkflow) = (app, isWorkflow);

    public bool Contain(INamedTypeSymbol type)
    {
        if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _app))
        {
            return IsWorkflow(type);
        }

        var space = type.ContainingNamespace.ToDisplayString();
        return type.ContainingAssembly?.Name == Contracts
            || space == "Microsoft.DurableTask"
            || OtherTypes.Contains(type.OriginalDefinition.ToDisplayString())
            || ComputingNamespaces.Any(allowed => space == allowed || (allowed != "System" && space.StartsWith($"{allowed}.", StringComparison.Ordinal)));
    }

    public bool IsWorkflow(ISymbol symbol) => symbol.DeclaringSyntaxReferences.Any(reference => _isWorkflow(reference.SyntaxTree));
}
