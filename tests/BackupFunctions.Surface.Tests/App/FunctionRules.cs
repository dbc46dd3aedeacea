using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>
/// What the Azure worker asks of functions beyond what the compiler sees: it finds them by Type.GetMethod(name), knows bindings by their
/// attributes, and binds durable types only where they belong (DURABLE1001 to 1003 of the Durable Task analyzers).
/// </summary>
internal static class FunctionRules
{
    private static readonly Dictionary<string, string> TypeOfBinding = new(StringComparer.Ordinal)
    {
        ["OrchestrationTriggerAttribute"] = "Microsoft.DurableTask.TaskOrchestrationContext",
        ["DurableClientAttribute"] = "Microsoft.DurableTask.Client.DurableTaskClient",
        ["EntityTriggerAttribute"] = "Microsoft.Azure.Functions.Worker.TaskEntityDispatcher",
        ["TimerTriggerAttribute"] = "Microsoft.Azure.Functions.Worker.TimerInfo",
    };

    /// <returns>A sentence for each function that breaks a rule.</returns>
    public static IEnumerable<string> Breaches(IReadOnlyList<AppFunction> functions) =>
        Repetitions(functions.Select(function => function.Name), "two functions have this name")
            .Concat(Repetitions(functions.Select(function => function.Label), "two functions have this class and method"))
            .Concat(functions.SelectMany(function => Breaches(function).Select(breach => $"{function.Name}: {breach}")));

    private static IEnumerable<string> Repetitions(IEnumerable<string> names, string what) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => $"{group.Key}: {what}.");

    private static IEnumerable<string> Breaches(AppFunction function)
    {
        var (method, type) = (function.Method, function.Method.ContainingType);
        if (method.DeclaredAccessibility != Accessibility.Public || type.DeclaredAccessibility != Accessibility.Public || type.ContainingType is not null)
        {
            yield return "the method and its class must be public, the class not nested.";
        }

        if (type.GetMembers(method.Name).Length > 1)
        {
            yield return "its method is overloaded.";
        }

        if (method.IsGenericMethod || type.IsGenericType)
        {
            yield return "it is generic.";
        }

        if (method is { ReturnsVoid: true, IsAsync: true })
        {
            yield return "it is async void, so nobody waits for it.";
        }

        if (function.Bindings("TriggerBindingAttribute").Count() != 1)
        {
            yield return "it needs exactly one trigger.";
        }

        foreach (var (parameter, attribute) in function.Bindings())
        {
            if (attribute.ContainingAssembly.Name != StandIns.StandInAssembly.Name)
            {
                yield return $"{attribute.Name} is no attribute of the recorded surface.";
            }
            else if (TypeOfBinding.TryGetValue(attribute.Name, out var expected) && parameter.Type.ToDisplayString() != expected)
            {
                yield return $"{parameter.Name} must be a {expected}.";
            }
        }

        foreach (var parameter in method.Parameters.Where(one => one.RefKind != RefKind.None || one.IsParams))
        {
            yield return $"{parameter.Name} is a ref, out, in or params parameter.";
        }
    }
}
