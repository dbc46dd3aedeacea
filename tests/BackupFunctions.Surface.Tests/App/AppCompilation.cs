using BackupFunctions.Surface.Tests.StandIns;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>The app's sources compiled as for Azure, with the recorded surface in place of Microsoft's packages.</summary>
internal static class AppCompilation
{
    private static readonly Lazy<AppProject> Evaluated = new(AppProject.Evaluate);
    private static readonly Lazy<CSharpCompilation> Compiled = new(() => Generated());

    public static AppProject Project => Evaluated.Value;

    public static CSharpCompilation Compilation => Compiled.Value;

    /// <summary>Errors and, as in the app's own build, warnings.</summary>
    public static IReadOnlyList<Diagnostic> Complaints(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(one => one.Severity >= DiagnosticSeverity.Warning && !one.IsSuppressed)];

    /// <summary>The app with one more source; complaints about that source alone.</summary>
    public static (CSharpCompilation App, SyntaxTree Tree, IReadOnlyList<Diagnostic> Complaints) With(string source)
    {
        var tree = Parse(source, "Probe.cs");
        var app = Compilation.AddSyntaxTrees(tree);
        return (app, tree, Complaints(app.GetSemanticModel(tree).GetDiagnostics()));
    }

    /// <summary>The app with one more source and all that is generated for both.</summary>
    public static CSharpCompilation Generated(string? more = null)
    {
        var sources = Project.Sources.Select(path => Parse(File.ReadAllText(path), path))
            .Append(Parse(string.Join('\n', Project.Usings), "GlobalUsings.cs"))
            .Concat(more is null ? [] : [Parse(more, "Probe.cs")]);
        var compilation = CSharpCompilation.Create(
            Project.AssemblyName,
            sources,
            [.. Compiling.Framework, .. BuiltAssemblies.Of(Project.Projects), StandInAssembly.Compilation.ToMetadataReference()],
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        return (CSharpCompilation)SourceGenerators.Run(compilation, Project.Generators, Options);
    }

    private static CSharpParseOptions Options => new(LanguageVersionFacts.TryParse(Project.LanguageVersion, out var version)
        ? version
        : throw new FormatException($"The compiler of these tests does not know C# {Project.LanguageVersion}: update Microsoft.CodeAnalysis.CSharp."));

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, Options, path);
}
