using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RestoreCompatibilityTests(ServerFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(15, 15, 15, RestoreWay.Direct)]
    [InlineData(15, 15, 18, RestoreWay.Direct)]
    [InlineData(13, 18, 18, RestoreWay.Direct)]
    [InlineData(16, 16, 15, RestoreWay.Direct)]
    [InlineData(17, 18, 17, RestoreWay.Direct)]
    [InlineData(15, 17, 15, RestoreWay.Script)]
    [InlineData(17, 17, 15, RestoreWay.Script)]
    [InlineData(18, 18, 16, RestoreWay.Script)]
    public void Check_OfArchiveToolAndServer_DecidesTheWay(int archive, int tool, int server, RestoreWay way) =>
        RestoreCompatibility.Check(Header(archive), Tools(tool), server).ShouldBe(way);

    [Fact]
    public void Check_OfAToolOlderThanTheArchive_NamesThePackage()
    {
        var failure = Should.Throw<PgdrException>(() => RestoreCompatibility.Check(Header(16), Tools(15), 15));

        failure.Code.ShouldBe(ErrorCodes.ToolTooOld);
        failure.Message.ShouldContain("postgresql-client-16");
    }

    [Fact]
    public async Task Header_OfADump_TellsItsTool()
    {
        await fixture.DumpAsync(await fixture.NewDatabaseAsync(), _folder);

        var header = ArchiveHeader.Read(_folder["archive"]);

        header.Format.ShouldBe(new Version(1, 14));
        header.DumpMajor.ShouldBe(15);
        header.ServerVersion.ShouldStartWith("15.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PGDMP")]
    [InlineData("not an archive at all, but long enough to read a header from it, or so it seems")]
    public async Task Header_OfAnythingElse_IsDamaged(string content)
    {
        await File.WriteAllTextAsync(_folder["toc.dat"], content);

        Should.Throw<PgdrException>(() => ArchiveHeader.Read(_folder.Path)).Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public async Task Restore_ByAnOrdinaryRole_NamesWhatItNeeds()
    {
        var name = await fixture.NewDatabaseAsync();
        await fixture.DumpAsync(name, _folder);
        var role = fixture.NewName("restorer");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'");

        var failure = await Should.ThrowAsync<PgdrException>(() => DatabaseRestore.RunAsync(
            fixture.Tools, fixture.ConnectionAs(role, "x"), _folder["archive"], name, 2, null, default));

        failure.Code.ShouldBe(ErrorCodes.PermissionMissing);
    }

    [Fact]
    public async Task Restore_OfATruncatedDataFile_Fails()
    {
        var dump = await fixture.DumpAsync(await fixture.NewDatabaseAsync("create table t (a int, b int); insert into t select i, i from generate_series(1, 1000) i"), _folder);
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, fixture.NewName("cut"), dump.DatabaseProperties, default);
        var file = Directory.GetFiles(_folder["archive"], "*.dat").Single(static path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);

        var failure = await Should.ThrowAsync<PgdrException>(async () =>
        {
            await DatabaseRestore.RunAsync(fixture.Tools, fixture.Connection, _folder["archive"], scratch.Name, 2, null, default);
            await DatabaseComparison.CompareAsync(
                fixture.Connection, scratch.Name, dump.Tables, dump.LargeObjects, dump.Sequences, 1, null, default);
        });

        failure.Code.ShouldBeOneOf(ErrorCodes.ToolFailed, ErrorCodes.VerificationFailed);
    }

    [Fact]
    public async Task Restore_OfASubscription_LeavesItOutOfTheScratchDatabase()
    {
        var subscription = fixture.NewName("sub");
        var name = await fixture.NewDatabaseAsync($"create subscription {subscription} connection 'host=nowhere' publication p with (connect = false, slot_name = none)");
        var dump = await fixture.DumpAsync(name, _folder);
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, fixture.NewName("nosub"), dump.DatabaseProperties, default);

        await DatabaseRestore.RunAsync(fixture.Tools, fixture.Connection, _folder["archive"], scratch.Name, 2, null, default);
        var left = await fixture.Server.ScalarAsync<long>($"select count(*) from pg_subscription where subdbid = {scratch.Oid}");
        await fixture.Server.ExecuteAsync($"drop subscription {subscription}", name);

        left.ShouldBe(0);
    }

    private static ArchiveHeader Header(int major) => new(new Version(1, 14), $"{major}.1 (Debian)", "15.1");

    private static PgTools Tools(int major) => new()
    {
        BinariesFolder = "/x", Major = major, Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_restore"] = $"{major}.1" },
    };
}
