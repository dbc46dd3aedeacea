using BackupFunctions.Surface.Tests.Recording;
using Microsoft.CodeAnalysis.CSharp;

namespace BackupFunctions.Surface.Tests.StandIns;

/// <summary>The recorded surface as an assembly in the real namespaces: for compiling against, never for running.</summary>
internal static class StandInAssembly
{
    public const string Name = "RecordedSurface";

    private static readonly Lazy<CSharpCompilation> Compiled = new(() => Compile(RecordedListing.ReadAll()));

    public static CSharpCompilation Compilation => Compiled.Value;

    /// <exception cref="InvalidOperationException">The listing does not make sense as C#.</exception>
    public static CSharpCompilation Compile(IReadOnlyList<RecordedType> types)
    {
        var open = Compiling.Library(Name, StandInSource.Write(types).Select(source => Compiling.Parse(source)));
        return Compiling.WithoutErrors(open.AddSyntaxTrees(Compiling.Parse(ExplicitImplementations.Write(open))));
    }
}
