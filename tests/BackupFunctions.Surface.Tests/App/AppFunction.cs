using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>A method marked as a function.</summary>
/// <param name="Name">From the attribute.</param>
/// <param name="Method">In the app.</param>
internal sealed record AppFunction(string Name, IMethodSymbol Method)
{
    private const string Worker = "Microsoft.Azure.Functions.Worker";

    public string Label => $"{Method.ContainingType.Name}.{Method.Name}";

    public bool IsOrchestrator => ParametersWith("OrchestrationTriggerAttribute").Any();

    /// <summary>Type of the trigger's value; null when this is no activity.</summary>
    public ITypeSymbol? ActivityInput => ParametersWith("ActivityTriggerAttribute").FirstOrDefault()?.Type;

    /// <summary>What it returns once awaited; null for nothing.</summary>
    public ITypeSymbol? Result => Method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => null,
        INamedTypeSymbol { Name: "Task" or "ValueTask", IsGenericType: true } task => task.TypeArguments[0],
        INamedTypeSymbol { Name: "Task" or "ValueTask" } => null,
        var type => type,
    };

    public static IReadOnlyList<AppFunction> In(Compilation app) => [.. app.Assembly.GlobalNamespace.GetNamespaceMembers()
        .SelectMany(AllTypes)
        .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
        .SelectMany(method => method.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.ToDisplayString() == $"{Worker}.FunctionAttribute")
            .Select(attribute => new AppFunction((string)attribute.ConstructorArguments[0].Value!, method)))];

    /// <summary>Attributes that bind a parameter, with it.</summary>
    public IEnumerable<(IParameterSymbol Parameter, INamedTypeSymbol Attribute)> Bindings(string kind = "BindingAttribute") =>
        from parameter in Method.Parameters
        from attribute in parameter.GetAttributes()
        where attribute.AttributeClass is { } type && IsA(type, $"{Worker}.Extensions.Abstractions.{kind}")
        select (parameter, attribute.AttributeClass);

    private static bool IsA(INamedTypeSymbol? type, string name) => type is not null && (type.ToDisplayString() == name || IsA(type.BaseType, name));

    private IEnumerable<IParameterSymbol> ParametersWith(string attribute) =>
        Bindings().Where(binding => binding.Attribute.ToDisplayString() == $"{Worker}.{attribute}").Select(binding => binding.Parameter);

    private static IEnumerable<INamedTypeSymbol> AllTypes(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol space => AllTypes(space),
        INamedTypeSymbol type => AllTypes(type).Prepend(type),
        _ => [],
    });
}
