using BackupFunctions.Surface.Tests.App;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>
/// DURABLE2001 to 2004: names and payloads of called activities and sub-orchestrations are text until they run, so they are checked here.
/// </summary>
internal sealed class CallRule(SemanticModel model, IReadOnlyList<AppFunction> functions)
{
    public IEnumerable<WorkflowFinding> Findings(SyntaxNode root) => root.DescendantNodes()
        .OfType<InvocationExpressionSyntax>()
        .Select(call => (call, Method: model.GetSymbolInfo(call).Symbol as IMethodSymbol))
        .Where(one => one.Method is { Name: "CallActivityAsync" or "CallSubOrchestratorAsync" } method
            && method.ContainingType.ToDisplayString() == "Microsoft.DurableTask.TaskOrchestrationContext")
        .SelectMany(one => Findings(one.call, one.Method!));

    private IEnumerable<WorkflowFinding> Findings(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        var activity = method.Name == "CallActivityAsync";
        var unknown = activity ? "DURABLE2003" : "DURABLE2004";
        if (Argument(call, method, 0) is not { } given || model.GetConstantValue(given).Value is not string name)
        {
            return [new WorkflowFinding(unknown, call, "the called function must be named by a constant.")];
        }

        var called = functions.FirstOrDefault(function => function.Name == name && (activity ? function.ActivityInput is not null : function.IsOrchestrator));
        return called is null
            ? [new WorkflowFinding(unknown, call, $"the app has no {(activity ? "activity" : "orchestrator")} {name}.")]
            : activity ? Payloads(call, method, called) : [];
    }

    private IEnumerable<WorkflowFinding> Payloads(InvocationExpressionSyntax call, IMethodSymbol method, AppFunction activity)
    {
        var input = method.Parameters.Any(parameter => parameter.Name == "input") ? Argument(call, method, 1) : null;
        var inputType = input is null ? null : model.GetTypeInfo(input).Type;
        if (inputType is null ? !IsNullable(activity.ActivityInput!) : !Converts(inputType, activity.ActivityInput!))
        {
            yield return new WorkflowFinding(
                "DURABLE2001", call, $"{activity.Name} takes {activity.ActivityInput}, not {inputType?.ToDisplayString() ?? "nothing"}.");
        }

        if (method.TypeArguments is [var wanted] && (activity.Result is null || !Converts(activity.Result, wanted)))
        {
            yield return new WorkflowFinding("DURABLE2002", call, $"{activity.Name} returns {activity.Result?.ToDisplayString() ?? "nothing"}, not {wanted}.");
        }
    }

    private bool Converts(ITypeSymbol from, ITypeSymbol to) =>
        model.Compilation.ClassifyConversion(from, to) is { IsImplicit: true, IsUserDefined: false, IsBoxing: false };

    private static bool IsNullable(ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.Annotated || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static ExpressionSyntax? Argument(InvocationExpressionSyntax call, IMethodSymbol method, int position)
    {
        var arguments = call.ArgumentList.Arguments;
        var named = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.Text == method.Parameters[position].Name);
        return (named ?? arguments.Where(argument => argument.NameColon is null).ElementAtOrDefault(position))?.Expression;
    }
}
