using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>
/// DURABLE0011: a loop without condition that calls the context and neither ends nor starts anew fills the history without limit. The
/// analyzer warns of while (true) even if it can be left; for (;;) is ours, and may have a way out.
/// </summary>
internal static class LoopRule
{
    private const string Context = "Microsoft.DurableTask.TaskOrchestrationContext";

    public static IEnumerable<WorkflowFinding> Findings(SyntaxNode root, SemanticModel model) =>
        from loop in root.DescendantNodes().OfType<StatementSyntax>()
        where IsEndless(loop) && (loop is WhileStatementSyntax || !CanBeLeft(loop))
        let calls = loop.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(call => model.GetSymbolInfo(call).Symbol).OfType<IMethodSymbol>()
        let ofContext = calls.Where(method => method.ContainingType.ToDisplayString() == Context).ToList()
        where ofContext.Count > 0 && ofContext.All(method => method.Name != "ContinueAsNew")
        select new WorkflowFinding("DURABLE0011", loop, "a loop without end needs ContinueAsNew: each round adds to the history.");

    private static bool IsEndless(StatementSyntax loop) => loop switch
    {
        WhileStatementSyntax { Condition: var condition } => condition.IsKind(SyntaxKind.TrueLiteralExpression),
        DoStatementSyntax { Condition: var condition } => condition.IsKind(SyntaxKind.TrueLiteralExpression),
        ForStatementSyntax { Condition: var condition } => condition is null || condition.IsKind(SyntaxKind.TrueLiteralExpression),
        _ => false,
    };

    private static bool CanBeLeft(StatementSyntax loop) => loop
        .DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(node => node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax
            || (node is BreakStatementSyntax && node.FirstAncestorOrSelf<StatementSyntax>(IsBreakable) == loop));

    private static bool IsBreakable(StatementSyntax statement) =>
        statement is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or ForEachStatementSyntax or SwitchStatementSyntax;
}
