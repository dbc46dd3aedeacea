using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>The embedded host's public types under the names they have in the real packages.</summary>
internal static partial class EmbeddedSurface
{
    private const string Assembly = "BackupFunctions.EmbeddedHost";

    public static IReadOnlyList<SurfaceType> Read()
    {
        var reference = MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, $"{Assembly}.dll"));
        var contracts = MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, "BackupFunctions.Contracts.dll"));
        var compilation = Compiling.Library("Reader", [], reference, contracts);
        return Read((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!);
    }

    public static IReadOnlyList<SurfaceType> Read(IAssemblySymbol host) =>
        [.. SurfaceReader.Qualified.Read(host).Select(type => type with
        {
            Name = RealName(type.Name),
            Constraints = RealName(type.Constraints),
            Base = RealName(type.Base),
            Interfaces = [.. type.Interfaces.Select(RealName)],
            Members = [.. type.Members.Select(RealName)],
        })];

    /// <summary>The host mirrors three roots of namespaces.</summary>
    private static string RealName(string text) => Own().Replace(text, match => match.Groups["below"].Value switch
    {
        ".DurableTask.Core" => "DurableTask.Core",
        ".DurableTask" => "Microsoft.DurableTask",
        _ => "Microsoft.Azure.Functions.Worker",
    });

    [GeneratedRegex(@"\bBackupFunctions\.EmbeddedHost(?<below>\.DurableTask\.Core|\.DurableTask)?(?=\.)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Own();
}
