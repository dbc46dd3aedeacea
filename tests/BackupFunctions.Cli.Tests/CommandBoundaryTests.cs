using System.CommandLine;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Tests;

/// <summary>Alone: standard error is one for the whole process.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
[Collection("console")]
public sealed class CommandBoundaryTests
{
    [Theory]
    [InlineData(ErrorCodes.InvalidSettings, 2)]
    [InlineData(ErrorCodes.ServerUnreachable, 1)]
    public async Task KnownFailure_IsItsSentence(string code, int exitCode) =>
        (await RunAsync(() => throw new PgdrException(code, "No: do that."))).ShouldBe((exitCode, "pgdr: No: do that.\n"));

    [Fact]
    public async Task Cancellation_ExitsWith130() =>
        (await RunAsync(() => throw new OperationCanceledException())).ShouldBe((130, "pgdr: cancelled.\n"));

    [Fact]
    public async Task UnexpectedFailure_IsOneSentenceWithoutItsText()
    {
        var (exitCode, error) = await RunAsync(() => throw new InvalidOperationException("secret-canary"));

        exitCode.ShouldBe(1);
        error.ShouldBe("pgdr: an unexpected InvalidOperationException ended the command; run it again with --debug or PGDR_DEBUG=1 for the details.\n");
    }

    [Fact]
    public async Task UnexpectedFailure_WithDebug_ShowsItsTrace()
    {
        var (exitCode, error) = await RunAsync(() => throw new InvalidOperationException("the text"), "--debug");

        exitCode.ShouldBe(1);
        error.ShouldContain("the text");
        error.ShouldContain("   at ");
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(Func<Task<int>> command, params string[] arguments)
    {
        var root = new RootCommand { CommandBoundary.Debug };
        var before = Console.Error;
        var error = new StringWriter();
        Console.SetError(error);
        try
        {
            return (await CommandBoundary.RunAsync(root.Parse(arguments), command), error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
