using System.CommandLine;

namespace BackupFunctions.Cli.Tests;

public sealed class PgdrCommandTests
{
    private static readonly string[] Names =
    [
        "", "status", "backup", "backup run", "backup start", "backup scheduled", "backup cancel", "backup list", "backup keep", "backup verify", "catalog", "catalog rebuild", "catalog status", "cleanup", "restore", "merge", "merge plan", "merge apply", "recover", "rollback", "wal", "wal receive", "wal status", "wal fetch", "wal push", "wal check",
        "dr", "dr start", "dr status", "dr retry", "dr continue", "dr abort",
        "host", "host doctor", "host replay", "host export", "target", "target check", "config", "config diff", "config extract", "setup", "setup sql", "keys", "keys new", "job", "job run",
    ];

    public static TheoryData<string> Commands() => [.. Names];

    [Fact]
    public void Commands_AreTheseAndNoOthers()
    {
        All(PgdrCommand.Create(), "").ShouldBe(Names, ignoreOrder: true);

        static IEnumerable<string> All(Command command, string path) =>
            command.Subcommands.SelectMany(below => All(below, $"{path} {below.Name}".Trim())).Prepend(path);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_DescribesItAndItsOptions(string command)
    {
        var output = new StringWriter();
        var result = PgdrCommand.Create().Parse([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        (await result.InvokeAsync(new InvocationConfiguration { Output = output })).ShouldBe(ExitCodes.Done);

        var text = output.ToString();
        text.ShouldContain("Usage:");
        text.ShouldContain("--debug");
        result.CommandResult.Command.Description.ShouldNotBeNullOrWhiteSpace();
        text.ShouldContain(result.CommandResult.Command.Description!.Split('\n')[0]);
        result.CommandResult.Command.Options.ShouldAllBe(option => !string.IsNullOrWhiteSpace(option.Description));
        result.CommandResult.Command.Arguments.ShouldAllBe(argument => !string.IsNullOrWhiteSpace(argument.Description));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("backup")]
    [InlineData("backup run")]
    [InlineData("backup run one two")]
    [InlineData("backup list --nonsense")]
    [InlineData("backup start")]
    [InlineData("backup start shop --kind half")]
    [InlineData("backup cancel")]
    [InlineData("dr start shop --confirm shop")]
    [InlineData("host doctor --limit -1")]
    [InlineData("host export")]
    public async Task WrongUsage_ExitsWith2(string arguments) =>
        (await PgdrCommand.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(ExitCodes.Usage);

    [Fact]
    public async Task Help_ExitsWith0() => (await PgdrCommand.RunAsync(["--help"])).ShouldBe(ExitCodes.Done);
}
