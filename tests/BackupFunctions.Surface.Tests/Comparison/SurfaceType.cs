namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>A public type as others see it, each part as text.</summary>
/// <param name="Name">With namespace and type parameters.</param>
/// <param name="Kind">Modifiers and kind, such as "public sealed class".</param>
/// <param name="Constraints">Of the type parameters; empty without.</param>
/// <param name="Base">The base class; empty where it goes without saying.</param>
/// <param name="Interfaces">Those it declares.</param>
/// <param name="AttributeUsage">Where an attribute may stand, with what its bases say; empty when the type is no attribute.</param>
/// <param name="Members">Public and protected ones, as in the recorded listing.</param>
internal sealed record SurfaceType(
    string Name,
    string Kind,
    string Constraints,
    string Base,
    IReadOnlyList<string> Interfaces,
    string AttributeUsage,
    IReadOnlyList<string> Members);
