using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BackupFunctions.Surface.Tests;

/// <summary>The compiler, with the framework that the tests run on.</summary>
internal static class Compiling
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> FrameworkReferences = new(ReadFramework);

    /// <summary>.NET and ASP.NET Core.</summary>
    public static IReadOnlyList<MetadataReference> Framework => FrameworkReferences.Value;

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source);

    public static CSharpCompilation Library(string name, IEnumerable<SyntaxTree> sources, params IEnumerable<MetadataReference> references) =>
        CSharpCompilation.Create(
            name,
            sources,
            [.. Framework, .. references],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <exception cref="InvalidOperationException">There are errors; the message has them.</exception>
    public static TCompilation WithoutErrors<TCompilation>(TCompilation compilation)
        where TCompilation : Compilation
    {
        var errors = compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        return errors.Count == 0
            ? compilation
            : throw new InvalidOperationException($"{compilation.AssemblyName} does not compile:\n{string.Join('\n', errors.Take(20))}");
    }

    private static IReadOnlyList<MetadataReference> ReadFramework()
    {
        var folders = new[] { typeof(object), typeof(Microsoft.AspNetCore.Http.HttpContext) }
            .Select(type => Path.GetDirectoryName(type.Assembly.Location)!)
            .ToHashSet(StringComparer.Ordinal);
        return [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => folders.Contains(Path.GetDirectoryName(path)!))
            .Select(path => MetadataReference.CreateFromFile(path))];
    }
}
