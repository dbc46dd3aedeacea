using System.Globalization;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>Members as lines of the recorded listing: accessibility, modifiers, nullability, parameter names, defaults, constraints.</summary>
internal sealed class MemberDisplay(SymbolDisplayTypeQualificationStyle qualification)
{
    /// <summary>What the compiler adds to every record was not recorded.</summary>
    private static readonly HashSet<string> OfEveryRecord = new(StringComparer.Ordinal)
    {
        "EqualityContract", "PrintMembers", "ToString", "GetHashCode", "Equals", "op_Equality", "op_Inequality", "<Clone>$",
    };

    private readonly SymbolDisplayFormat _format = Types(qualification)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeExtensionThis)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeMemberKeyword);

    public static SymbolDisplayFormat Types(SymbolDisplayTypeQualificationStyle qualification) => new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        qualification,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public static bool IsShown(INamedTypeSymbol type, ISymbol member) =>
        PublicTypes.IsVisible(member)
        && member is not INamedTypeSymbol
        && member is not IMethodSymbol
        {
            MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove or MethodKind.Destructor,
        }
        && !(type.IsRecord && OfEveryRecord.Contains(member.Name))
        && !(type.TypeKind == TypeKind.Enum && member is IMethodSymbol);

    public string Show(ISymbol member) => member switch
    {
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } field =>
            string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {field.ConstantValue},"),
        IPropertySymbol property => $"{property.ToDisplayString(_format)} {{ {string.Concat(Accessors(property))}}}",
        _ => $"{member.ToDisplayString(_format)};",
    };

    private static IEnumerable<string> Accessors(IPropertySymbol property)
    {
        if (property.GetMethod is { } getter && PublicTypes.IsVisible(getter))
        {
            yield return "get; ";
        }

        if (property.SetMethod is { } setter && PublicTypes.IsVisible(setter))
        {
            var narrower = setter.DeclaredAccessibility == property.DeclaredAccessibility ? string.Empty : "protected ";
            yield return setter.IsInitOnly ? $"{narrower}init; " : $"{narrower}set; ";
        }
    }
}
