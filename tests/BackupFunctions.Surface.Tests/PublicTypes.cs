using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests;

/// <summary>What other assemblies can name.</summary>
internal static class PublicTypes
{
    /// <summary>All public types, nested ones included, by namespace and name.</summary>
    public static IEnumerable<INamedTypeSymbol> Of(IAssemblySymbol assembly) =>
        In(assembly.GlobalNamespace).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal);

    public static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static IEnumerable<INamedTypeSymbol> In(INamespaceOrTypeSymbol container)
    {
        foreach (var type in container.GetTypeMembers().Where(IsVisible))
        {
            yield return type;
            foreach (var nested in In(type))
            {
                yield return nested;
            }
        }

        if (container is INamespaceSymbol space)
        {
            foreach (var type in space.GetNamespaceMembers().SelectMany(In))
            {
                yield return type;
            }
        }
    }
}
