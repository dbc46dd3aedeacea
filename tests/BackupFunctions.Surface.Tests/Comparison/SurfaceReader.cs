using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>Reads the public types of an assembly with all that a caller depends on.</summary>
internal sealed class SurfaceReader(SymbolDisplayTypeQualificationStyle qualification)
{
    /// <summary>Names with namespaces, so that two types of one name are not mixed up.</summary>
    public static SurfaceReader Qualified { get; } = new(SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>Simple names, as in the recorded listing.</summary>
    public static SurfaceReader Simple { get; } = new(SymbolDisplayTypeQualificationStyle.NameOnly);

    private readonly MemberDisplay _members = new(qualification);
    private readonly SymbolDisplayFormat _types = MemberDisplay.Types(qualification);

    public IReadOnlyList<SurfaceType> Read(IAssemblySymbol assembly) => [.. PublicTypes.Of(assembly).Select(Read)];

    public SurfaceType Read(INamedTypeSymbol type) => new(
        type.ToDisplayString(MemberDisplay.Types(SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces)),
        Kind(type),
        Constraints(type),
        Base(type),
        type.TypeKind == TypeKind.Delegate ? [] : [.. type.Interfaces.Select(contract => contract.ToDisplayString(_types)).Order(StringComparer.Ordinal)],
        AttributeUsageDisplay.Of(type),
        type.TypeKind == TypeKind.Delegate
            ? [_members.Show(type.DelegateInvokeMethod!)]
            : [.. type.GetMembers().Where(member => MemberDisplay.IsShown(type, member)).Select(_members.Show)]);

    private static string Kind(INamedTypeSymbol type)
    {
        var modifiers = type switch
        {
            { TypeKind: TypeKind.Class, IsStatic: true } => "static ",
            { TypeKind: TypeKind.Class, IsAbstract: true } => "abstract ",
            { TypeKind: TypeKind.Class, IsSealed: true } => "sealed ",
            { TypeKind: TypeKind.Struct, IsReadOnly: true } => "readonly ",
            _ => string.Empty,
        };
        var kind = type.TypeKind switch
        {
            TypeKind.Class => type.IsRecord ? "record" : "class",
            TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
            TypeKind.Interface => "interface",
            TypeKind.Enum => "enum",
            TypeKind.Delegate => "delegate",
            _ => throw new NotSupportedException($"{type} is of a kind that was not recorded."),
        };
        return $"{(type.DeclaredAccessibility == Accessibility.Public ? "public" : "protected")} {modifiers}{kind}";
    }

    private string Base(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => type.EnumUnderlyingType!.SpecialType == SpecialType.System_Int32 ? string.Empty : type.EnumUnderlyingType.Name,
        { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } parent } => parent.ToDisplayString(_types),
        _ => string.Empty,
    };

    private string Constraints(INamedTypeSymbol type)
    {
        var shown = type.ToDisplayString(_types.WithGenericsOptions(
            SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance));
        return shown.IndexOf(" where ", StringComparison.Ordinal) is var at and >= 0 ? shown[(at + 1)..] : string.Empty;
    }
}
