using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

/// <summary>Without the app beside it; with the app, see the tests of the app.</summary>
[Collection(CliCollection.Name)]
public sealed class HostCommandTests(CliFixture fixture)
{
    [Fact]
    public async Task Doctor_DatabaseNoHostHasUsed_SaysSoAndLeavesItEmpty()
    {
        await fixture.Server.ExecuteAsync("create database unused_state");

        var result = await RunAsync(fixture.Server.ConnectionString("unused_state"), "doctor");

        result.ShouldSucceed().Output.ShouldContain("none: no host has used this database yet");
        result.Output.ShouldContain($"database unused_state on 127.0.0.1:{fixture.Server.Port}");
        result.Output.ShouldNotContain(PostgresServer.SuperuserPassword);
        (await fixture.Server.ScalarAsync<bool>("select to_regnamespace('durable') is null", "unused_state")).ShouldBeTrue();
    }

    [Fact]
    public async Task Doctor_ServerAway_IsOneSentence() =>
        (await RunAsync("Host=127.0.0.1;Port=1;Username=x;Password=secret-canary", "doctor")).ShouldFail(1).ShouldContain("The state database cannot be opened");

    [Fact]
    public async Task Doctor_ConnectionStringWrong_IsOneSentenceWithoutIt()
    {
        var sentence = (await RunAsync("secret-canary", "doctor")).ShouldFail(2);

        sentence.ShouldContain("STATE_CONNECTION is no connection string");
        sentence.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Doctor_NoStateAnywhere_MakesNone()
    {
        using var folder = new TemporaryFolder();

        (await RunAsync(null, "doctor", folder["data"])).ShouldFail(2).ShouldContain($"There is no state of a host in {folder["data"]}/state");

        Directory.Exists(folder["data"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Replay_NoAppBesideIt_SaysWhereToRunIt() =>
        (await RunAsync("Host=nowhere", "replay")).ShouldFail(2).ShouldContain("run the pgdr that lies beside the host's program");

    [Fact]
    public async Task Export_StateOfAnotherVersion_IsRefused()
    {
        await fixture.Server.ExecuteAsync("create database old_state");
        using var folder = new TemporaryFolder();

        (await RunAsync(fixture.Server.ConnectionString("old_state"), "export", arguments: folder["histories"])).ShouldFail(2).ShouldContain("another version");

        Directory.Exists(folder["histories"]).ShouldBeFalse();
    }

    /// <param name="stateConnection">Null for a private server in the data folder.</param>
    private static Task<PgdrResult> RunAsync(string? stateConnection, string verb, string dataFolder = "/nowhere", params string[] arguments) => Pgdr.RunAsync(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["STATE_CONNECTION"] = stateConnection ?? string.Empty, ["DATA_FOLDER"] = dataFolder },
        ["host", verb, .. arguments]);
}
