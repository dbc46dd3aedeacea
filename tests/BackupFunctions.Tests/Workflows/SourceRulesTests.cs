using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BackupFunctions.Tests.Workflows;

/// <summary>What keeps the same sources fit for both hosts; the rules of replay are in BackupFunctions.Surface.Tests.</summary>
public sealed partial class SourceRulesTests
{
    private static readonly string Sources = Path.Combine(Root(), "src");

    [Fact]
    public void App_Sources_AreTheSameForBothHosts()
    {
        foreach (var file in SourcesBelow("BackupFunctions"))
        {
            var code = Code(file);
            code.ShouldNotContain("#if", Case.Sensitive, file);
            code.ShouldNotContain("using BackupFunctions.EmbeddedHost", Case.Sensitive, file);
            code.ShouldNotContain("using Microsoft.Azure", Case.Sensitive, file);
            code.ShouldNotContain("using Microsoft.DurableTask", Case.Sensitive, file);
        }
    }

    [Fact]
    public void Sources_DeclareNoNamespaceOfMicrosoft()
    {
        foreach (var file in SourcesBelow(string.Empty))
        {
            MicrosoftNamespace().IsMatch(File.ReadAllText(file)).ShouldBeFalse(file);
        }
    }

    private static IReadOnlyList<string> SourcesBelow(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(Sources, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .ToList();
        files.Count.ShouldBeGreaterThan(20);
        return files;
    }

    /// <summary>Without comments: those may name what the code must not use.</summary>
    private static string Code(string file) => Comments().Replace(File.ReadAllText(file), string.Empty);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"//[^\n]*", RegexOptions.NonBacktracking)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^\s*namespace\s+Microsoft\b", RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MicrosoftNamespace();
}
