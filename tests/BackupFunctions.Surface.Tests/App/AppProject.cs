using System.Text.Json;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>What the app's project file says for a build with FunctionsHost=Azure, evaluated by MSBuild itself.</summary>
/// <param name="AssemblyName">Of the app.</param>
/// <param name="LanguageVersion">Such as 14.0.</param>
/// <param name="Sources">Full paths, after removals.</param>
/// <param name="Usings">Global usings as C#, those of the SDK included.</param>
/// <param name="Projects">Names of the projects it refers to.</param>
/// <param name="Generators">Paths of the framework's source generators, and of analyzers that lie with them.</param>
internal sealed record AppProject(
    string AssemblyName,
    string LanguageVersion,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Usings,
    IReadOnlyList<string> Projects,
    IReadOnlyList<string> Generators)
{
    public static string Folder { get; } = Repository.PathOf("src/BackupFunctions");

    public static AppProject Evaluate()
    {
        var output = CommandLine.RunAsync(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            "msbuild",
            Path.Combine(Folder, "BackupFunctions.csproj"),
            "-nologo",
            "-nodeReuse:false",
            "-p:FunctionsHost=Azure",
            "-target:ResolveTargetingPackAssets",
            "-getItem:Compile,Using,ProjectReference,Analyzer",
            $"-getProperty:{nameof(AssemblyName)},LangVersion").GetAwaiter().GetResult();
        using var json = JsonDocument.Parse(output);
        var properties = json.RootElement.GetProperty("Properties");
        var items = json.RootElement.GetProperty("Items");
        return new AppProject(
            properties.GetProperty(nameof(AssemblyName)).GetString()!,
            properties.GetProperty("LangVersion").GetString()!,
            [.. Values(items, "Compile", "FullPath")],
            [.. items.GetProperty("Using").EnumerateArray().Select(Using)],
            [.. Values(items, "ProjectReference", "Filename")],
            [.. Values(items, "Analyzer", "FullPath").Where(path => path.Contains("/analyzers/dotnet/cs/", StringComparison.Ordinal))]);
    }

    private static string Using(JsonElement item)
    {
        var isStatic = item.TryGetProperty("Static", out var value) && value.GetString() is "true" or "True";
        var alias = item.TryGetProperty("Alias", out var name) && name.GetString() is { Length: > 0 } given ? $"{given} = " : string.Empty;
        return $"global using {(isStatic ? "static " : string.Empty)}{alias}global::{item.GetProperty("Identity").GetString()};";
    }

    private static IEnumerable<string> Values(JsonElement items, string kind, string name) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty(name).GetString()!);
}
