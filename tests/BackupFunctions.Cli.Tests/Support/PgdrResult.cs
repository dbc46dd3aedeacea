using System.Text.Json.Nodes;

namespace BackupFunctions.Cli.Tests.Support;

internal sealed record PgdrResult(int ExitCode, string Output, string Error)
{
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>The exit code, and one sentence on standard error; the answer is that sentence.</summary>
    public string ShouldFail(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, Error);
        Error.ShouldNotContain("   at ");
        Output.ShouldBeEmpty();
        return Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(line => line.StartsWith("pgdr: ", StringComparison.Ordinal));
    }

    public PgdrResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Error);
        return this;
    }
}
