using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>The framework's generators (regular expressions, JSON, logging), without which the app's partial members have no bodies.</summary>
internal sealed class SourceGenerators : IAnalyzerAssemblyLoader
{
    public static Compilation Run(CSharpCompilation compilation, IEnumerable<string> paths, CSharpParseOptions options)
    {
        var loader = new SourceGenerators();
        var generators = paths.SelectMany(path => new AnalyzerFileReference(path, loader).GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver.Create(generators, parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var complaints);
        return complaints.All(one => one.Severity < DiagnosticSeverity.Error)
            ? generated
            : throw new InvalidOperationException($"The generators report:\n{string.Join('\n', complaints)}");
    }

    public void AddDependencyLocation(string fullPath)
    {
        // LoadFrom looks beside the file by itself.
    }

    public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
}
