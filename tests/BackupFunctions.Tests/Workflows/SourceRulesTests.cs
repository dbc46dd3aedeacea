using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BackupFunctions.Tests.Workflows;

/// <summary>What keeps workflows replayable, and the same sources fit for both hosts.</summary>
public sealed partial class SourceRulesTests
{
    private static readonly string Sources = Path.Combine(Root(), "src");

    /// <summary>Calls whose task comes from the orchestration's context.</summary>
    private static readonly string[] DurableCalls =
    [
        "context.CallActivityAsync", "context.CreateTimer", "context.StartJobAsync", "context.WaitForJobAsync", "Task.WhenAny",
        "book.", "run()", "StartAsync(", "FetchAsync(", "RestoreAsync(", "SwapAsync(", "ActAsync(", "AskAsync(", "AskToContinueAsync(", "CheckHealthAsync(",
    ];

    [Theory]
    [InlineData(@"DateTime(Offset)?\.(UtcNow|Now|Today)")]
    [InlineData(@"\bTimeProvider\b|\bStopwatch\b")]
    [InlineData(@"Guid\.(NewGuid|CreateVersion7)|\bRandom(NumberGenerator)?\b")]
    [InlineData(@"\b(Environment|File|Directory|HttpClient|IHttpClientFactory|Process|Thread)\b")]
    [InlineData(@"Task\.(Run|Delay|Factory|Yield)|Parallel\.")]
    [InlineData("ConfigureAwait|CancelAsync|IConfiguration|BackupSettings|IJobRunner")]
    public void Workflows_ReferToContractsOnly(string forbidden)
    {
        var files = Directory.GetFiles(Path.Combine(Sources, "BackupFunctions", "Workflows"), "*.cs");
        files.Length.ShouldBeGreaterThan(5);
        foreach (var file in files)
        {
            Regex.Match(Code(file), forbidden, RegexOptions.None, TimeSpan.FromSeconds(5)).Value.ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void Workflows_AwaitDurableTasksOnly()
    {
        var awaits = Directory.GetFiles(Path.Combine(Sources, "BackupFunctions", "Workflows"), "*.cs")
            .SelectMany(file => Awaits().Matches(Code(file)).Select(match => match.Groups["call"].Value))
            .ToList();

        awaits.Count.ShouldBeGreaterThan(10);
        foreach (var awaited in awaits)
        {
            DurableCalls.ShouldContain(call => awaited.TrimStart('_').StartsWith(call, StringComparison.Ordinal), awaited);
        }
    }

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

    [GeneratedRegex(@"\bawait\s+(?<call>[^\s<;]+)", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Awaits();

    [GeneratedRegex(@"^\s*namespace\s+Microsoft\b", RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MicrosoftNamespace();
}
