using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>Every name in a workflow's source, by what the compiler says it means.</summary>
internal sealed class ReferenceRules(SemanticModel model, AllowedReferences allowed)
{
    private const string Task = "System.Threading.Tasks.Task";

    public IEnumerable<WorkflowFinding> Findings(SyntaxNode root) => root
        .DescendantNodes(node => node is not UsingDirectiveSyntax && !IsNameOf(node))
        .Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ObjectCreationExpressionSyntax)
        .Select(node => (node, Symbol: model.GetSymbolInfo(node).Symbol))
        .Where(one => one.Symbol is not null)
        .Select(one => Finding(one.node, one.Symbol!))
        .OfType<WorkflowFinding>();

    private WorkflowFinding? Finding(SyntaxNode node, ISymbol symbol)
    {
        var meant = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
        var type = meant switch
        {
            INamedTypeSymbol named => named,
            ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ITypeParameterSymbol or INamespaceSymbol or IDiscardSymbol or ILabelSymbol => null,
            _ => meant.ContainingType,
        };
        if (type is null || type.IsAnonymousType || type.IsTupleType)
        {
            return null;
        }

        var name = meant.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (BannedSymbols.RuleAgainst(meant, type) is { } rule)
        {
            return new WorkflowFinding(rule, node, $"{name} is forbidden in workflows.");
        }

        if (!allowed.Contain(type))
        {
            return new WorkflowFinding("REFERENCE", node, $"{name} is neither of Contracts nor what an activity takes or returns.");
        }

        return TaskOf(meant) && !IsDurable(meant, type)
            ? new WorkflowFinding("AWAIT", node, $"{name} is a task that does not come from the orchestration's context.")
            : null;
    }

    /// <summary>Tasks of other makings complete on their own threads, at their own time.</summary>
    private bool IsDurable(ISymbol symbol, INamedTypeSymbol type) =>
        allowed.IsWorkflow(type)
        || type.ContainingNamespace.ToDisplayString() == "Microsoft.DurableTask"
        || symbol is IMethodSymbol { MethodKind: MethodKind.DelegateInvoke or MethodKind.LocalFunction }
        || (type.ToDisplayString() == Task && symbol.Name is "WhenAll" or "WhenAny" or "FromResult" or "CompletedTask" or "FromException" or "FromCanceled");

    private static bool TaskOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: not MethodKind.Constructor } method => IsTask(method.ReturnType),
        IPropertySymbol property => IsTask(property.Type),
        IFieldSymbol field => IsTask(field.Type),
        _ => false,
    };

    private static bool IsTask(ITypeSymbol type) => type is { Name: "Task" or "ValueTask" or "IAsyncEnumerable" or "ConfiguredTaskAwaitable" }
        && type.ContainingNamespace.ToDisplayString().StartsWith("System.", StringComparison.Ordinal);

    private static bool IsNameOf(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } };
}
