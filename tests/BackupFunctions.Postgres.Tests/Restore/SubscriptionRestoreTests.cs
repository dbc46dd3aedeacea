using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class SubscriptionRestoreTests(ServerFixture fixture) : IDisposable
{
    private const string Created = "CREATE SUBSCRIPTION {0} CONNECTION 'host=x password=secret' PUBLICATION p WITH (connect = false, slot_name = 's');";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_RunAgain_LeavesWhatIsThereAsItIs()
    {
        var name = fixture.NewName("sub");
        var source = await fixture.NewDatabaseAsync($"create subscription {name} connection 'host=nowhere.invalid' publication p with (connect = false)");
        var target = await fixture.NewDatabaseAsync("select 1");
        await fixture.DumpAsync(source, _folder);

        (await RestoreAsync(target)).Single().ShouldStartWith($"The subscription {name} was restored disabled and without a slot");
        await fixture.Server.ExecuteAsync($"alter subscription {name} set (slot_name = 'somebodys')", target);
        (await RestoreAsync(target)).Single().ShouldBe($"The subscription {name} is there already and was left as it is.");

        (await fixture.Server.ScalarAsync<string>(
            $"select concat_ws(' ', subenabled, subslotname) from pg_subscription join pg_database d on d.oid = subdbid where datname = '{target}'")).ShouldBe("f somebodys");
    }

    [Fact]
    public async Task Restore_OfADumpWithoutSubscriptions_AsksNoServer()
    {
        await fixture.DumpAsync(await fixture.NewDatabaseAsync("create table t (a int)"), _folder);

        (await SubscriptionRestore.RunAsync(fixture.Tools, fixture.Connection with { Port = 1 }, _folder["archive"], "nowhere", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_WhileAnEventTriggerRefusesIt_IsNotHeldUp()
    {
        var name = fixture.NewName("sub");
        await fixture.DumpAsync(await fixture.NewDatabaseAsync($"create subscription {name} connection 'host=nowhere.invalid' publication p with (connect = false)"), _folder);
        var target = await fixture.NewDatabaseAsync(
            "create function no() returns event_trigger language plpgsql as 'begin raise ''no''; end'; create event trigger refusing on ddl_command_start execute function no()");

        (await RestoreAsync(target)).Single().ShouldContain("was restored disabled");
    }

    [Theory]
    [InlineData("plain_1")]
    [InlineData("\"a \"\"b\"\"\ncreate\"")]
    public void Script_OfOneSubscription_ForgetsItsSlotInTheSameTransaction(string name)
    {
        var script = SubscriptionScript.Read("SET x = 1;\n\n" + Created.Replace("{0}", name, StringComparison.Ordinal))!;

        script.Name.ShouldBe(name);
        script.ToTransaction().ShouldStartWith("BEGIN;");
        script.ToTransaction().ShouldEndWith($"ALTER SUBSCRIPTION {name} SET (slot_name = NONE);\nCOMMIT;\n");
        script.ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- CREATE SUBSCRIPTION a CONNECTION 'x'")]
    [InlineData("CREATE SUBSCRIPTION a CONNECTION 'x';\nCREATE SUBSCRIPTION b CONNECTION 'x';")]
    public void Script_ThatIsNotOneSubscription_IsNotRun(string statements) => SubscriptionScript.Read(statements).ShouldBeNull();

    [Fact]
    public async Task Script_LongerThanItMayBe_IsRefused()
    {
        await fixture.DumpAsync(await fixture.NewDatabaseAsync("create table t (a int)"), _folder);
        var entries = await ArchiveToc.ReadAsync(fixture.Tools, _folder["archive"], default);

        var failure = await Should.ThrowAsync<PgdrException>(
            () => ArchiveScript.ReadAsync(fixture.Tools, _folder["archive"], entries, RestoreWay.Direct, default, limit: 100));

        failure.Code.ShouldBe(ErrorCodes.ToolFailed);
        failure.Message.ShouldContain("longer than 100 bytes");
    }

    private Task<IReadOnlyList<string>> RestoreAsync(string target) =>
        SubscriptionRestore.RunAsync(fixture.Tools, fixture.Connection, _folder["archive"], target, default);
}
