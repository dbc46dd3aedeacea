using System.Text;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.StandIns;

/// <summary>
/// Explicit interface implementations are not public, so they were not recorded: what a recorded type leaves open of its interfaces is
/// implemented that way.
/// </summary>
internal static class ExplicitImplementations
{
    public static string Write(Compilation compilation)
    {
        var text = new StringBuilder("#nullable enable\n");
        foreach (var type in PublicTypes.Of(compilation.Assembly).Where(type => type.TypeKind is TypeKind.Class or TypeKind.Struct))
        {
            var missing = type.AllInterfaces
                .Where(contract => !type.IsRecord || contract.Name != "IEquatable")
                .SelectMany(contract => contract.GetMembers())
                .Where(member => member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } && member.IsAbstract)
                .Where(member => type.FindImplementationForInterfaceMember(member) is null)
                .ToList();
            if (missing.Count > 0)
            {
                text.Append($"namespace {type.ContainingNamespace}\n{{\npartial {(type.TypeKind == TypeKind.Struct ? "struct" : "class")} ")
                    .Append($"{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}\n{{\n")
                    .AppendJoin('\n', missing.Select(Implementation))
                    .Append("\n}\n}\n");
            }
        }

        return text.ToString();
    }

    private static string Implementation(ISymbol member)
    {
        var contract = member.ContainingType.ToDisplayString(Names);
        return member switch
        {
            IPropertySymbol property => $"{property.Type.ToDisplayString(Names)} {contract}.{property.Name} {{ {Accessors(property)}}}",
            IMethodSymbol method => $"{method.ReturnType.ToDisplayString(Names)} {contract}.{method.Name}({Parameters(method)}) => throw null!;",
            _ => throw new NotSupportedException($"{member} is neither property nor method."),
        };
    }

    private static string Accessors(IPropertySymbol property) =>
        (property.GetMethod is null ? string.Empty : "get => throw null!; ") + (property.SetMethod is null ? string.Empty : "set => throw null!; ");

    private static string Parameters(IMethodSymbol method) =>
        string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type.ToDisplayString(Names)} {parameter.Name}"));

    private static SymbolDisplayFormat Names { get; } = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);
}
