using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

public sealed class ManualBackupCommandsTests
{
    [Theory]
    [InlineData("shop", """{"database":"shop","kind":"full"}""")]
    [InlineData("shop --archive", """{"database":"shop","kind":"archive"}""")]
    [InlineData("main --kind base", """{"server":"main","kind":"base"}""")]
    [InlineData("main --kind base --archive", """{"server":"main","kind":"archive"}""")]
    [InlineData("main --kind archive", """{"server":"main","kind":"archive"}""")]
    [InlineData("main --kind incremental", """{"server":"main","kind":"incremental"}""")]
    [InlineData("main --kind configuration --notify ops", """{"server":"main","kind":"configuration","notify":"ops"}""")]
    [InlineData("shop --kind tenant", """{"database":"shop","kind":"tenant"}""")]
    [InlineData("shop --tenant a --tenant b", """{"database":"shop","kind":"tenant","tenants":["a","b"]}""")]
    [InlineData("shop --kind tenant --all-tenants --at 2030-01-01T00:00:00Z", """{"database":"shop","kind":"tenant","allTenants":true,"at":"2030-01-01T00:00:00Z"}""")]
    public async Task Start_OfAKind_SendsWhatIsAskedFor(string arguments, string body)
    {
        await using var host = await FakeHost.StartAsync((202, """{"id":"i1","statusQueryGetUri":"http://secret"}"""));

        var result = (await Pgdr.RunAsync(host.Settings, ["backup", "start", .. arguments.Split(' '), "--json"])).ShouldSucceed();

        host.Calls.ShouldHaveSingleItem().ShouldBe($"POST /api/backups {body}");
        result.Output.ShouldBe("{\"id\":\"i1\"}\n", "links hold a key");
    }

    [Theory]
    [InlineData("main --kind base --tenant a", "Tenants are backed up by themselves")]
    [InlineData("shop --all-tenants --archive", "Tenants are backed up by themselves")]
    [InlineData("main --kind incremental --archive", "--kind base or full")]
    public async Task Start_WhatCannotBe_IsRefusedBeforeAnybodyIsAsked(string arguments, string why) =>
        (await Pgdr.RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), ["backup", "start", .. arguments.Split(' ')])).ShouldFail(2).ShouldContain(why);

    [Theory]
    [InlineData("start shop")]
    [InlineData("scheduled")]
    [InlineData("cancel i1")]
    public async Task Commands_HostIsDown_NameTheWayWithoutOne(string arguments)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOST_URL"] = $"http://127.0.0.1:{FreePort.Next()}", ["HOST_MASTER_KEY"] = "a-key-of-the-test" };

        (await Pgdr.RunAsync(settings, ["backup", .. arguments.Split(' ')])).ShouldFail(1).ShouldContain("use 'pgdr backup run', which needs no host");
    }

    [Theory]
    [InlineData(400, """{"detail":"'at' lies in the past."}""", 2, "pgdr: 'at' lies in the past.")]
    [InlineData(403, "", 1, "pgdr: The host does not accept this key")]
    [InlineData(500, "<html>", 1, "pgdr: The host answered 500.")]
    [InlineData(202, "<html>", 1, "pgdr: The answer is not one of this host")]
    [InlineData(202, "{}", 1, "pgdr: The answer is not one of this host")]
    public async Task Start_AnsweredBadly_SaysWhy(int status, string text, int exitCode, string why)
    {
        await using var host = await FakeHost.StartAsync((status, text));

        (await Pgdr.RunAsync(host.Settings, "backup", "start", "shop")).ShouldFail(exitCode).ShouldStartWith(why);
    }

    [Fact]
    public async Task Cancel_NotDecidedYet_IsNotTakenForDone()
    {
        await using var host = await FakeHost.StartAsync((202, "{}"));

        (await Pgdr.RunAsync(host.Settings, "backup", "cancel", "i/1")).ShouldFail(1).ShouldContain("has not taken the cancellation yet");

        host.Calls.ShouldHaveSingleItem().ShouldStartWith("POST /api/backups/i");
    }

    [Theory]
    [InlineData(404, "No manual backup 'i1' is known.")]
    [InlineData(409, "The backup i1 has begun and cannot be canceled any more.")]
    public async Task Cancel_Refused_SaysTheHostsSentence(int status, string why)
    {
        await using var host = await FakeHost.StartAsync((status, $$"""{"detail":"{{why}}"}"""));

        (await Pgdr.RunAsync(host.Settings, "backup", "cancel", "i1")).ShouldFail(1).ShouldBe($"pgdr: {why}");
    }

    [Fact]
    public async Task Scheduled_OfAllSorts_PrintsALineEach()
    {
        await using var host = await FakeHost.StartAsync((200, """
            [{"id":"i1","kind":"TENANT","database":"shop","tenants":["a","b"],"at":"2030-01-01T01:00:00+01:00","requested_by":"http","requested_at":"2026-01-01T00:00:00Z","suspended":true},
             {"id":"i2","kind":"TENANT","database":"shop","at":"2030-01-02T00:00:00Z","hook":"o\u001bps","requested_by":"http","requested_at":"2026-01-01T00:00:00Z","suspended":false}]
            """));

        (await Pgdr.RunAsync(host.Settings, "backup", "scheduled")).ShouldSucceed().Output.ShouldBe(
            """
            2030-01-01 00:00:00Z  i1  TENANT        shop, tenants a, b, asked for by http, SUSPENDED
            2030-01-02 00:00:00Z  i2  TENANT        shop, all tenants, asked for by http, tells hook o?ps

            """);
    }

    [Fact]
    public async Task Scheduled_None_SaysSoBesideTheOutput()
    {
        await using var host = await FakeHost.StartAsync((200, "[]"));

        var result = (await Pgdr.RunAsync(host.Settings, "backup", "scheduled")).ShouldSucceed();

        result.Output.ShouldBeEmpty();
        result.Error.ShouldBe("No backup waits for its time.\n");
    }

    [Theory]
    [InlineData("""{"runtimeStatus":"Completed","customStatus":{"state":"ENDED","detail":"COMPLETED","result":{"kind":"FULL","database":"shop","status":"COMPLETED","backup_id":"b1","cause":"A copy did not match.","ended_at":"2030-01-01T00:00:00Z","warnings":["Hook ops was not told."]}}}""", 3, "COMPLETED: b1: A copy did not match.\n")]
    [InlineData("""{"runtimeStatus":"Failed","customStatus":{"state":"ENDED","detail":"FAILED","result":{"kind":"FULL","database":"shop","status":"FAILED","cause":"No login.","ended_at":"2030-01-01T00:00:00Z","warnings":["Hook ops was not told."]}}}""", 1, "FAILED: No login.\n")]
    public async Task Start_Followed_ShowsChangesAndTheEnd(string end, int exitCode, string output)
    {
        await using var host = await FakeHost.StartAsync(
            (202, """{"id":"i1"}"""),
            (202, """{"runtimeStatus":"Pending","customStatus":null}"""),
            (202, """{"runtimeStatus":"Running","customStatus":{"state":"WAITING","detail":"waiting until later"}}"""),
            (200, end));

        var result = await Pgdr.RunAsync(host.Settings, "backup", "start", "shop", "--follow");

        result.ExitCode.ShouldBe(exitCode);
        result.Output.ShouldBe(output);
        result.Error.ShouldBe("Backup of database shop started as i1.\nWAITING: waiting until later\nwarning: Hook ops was not told.\n");
    }

    [Fact]
    public async Task Start_FollowedAndTerminated_SaysThatThereIsNoResult()
    {
        await using var host = await FakeHost.StartAsync((202, """{"id":"i1"}"""), (200, """{"runtimeStatus":"Terminated","customStatus":{"state":"RUNNING","detail":"dump"}}"""));

        (await Pgdr.RunAsync(host.Settings, "backup", "start", "shop", "--follow")).ShouldFail(1).ShouldContain("ended as Terminated without a result");
    }
}
