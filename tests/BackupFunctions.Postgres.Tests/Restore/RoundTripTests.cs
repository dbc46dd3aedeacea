using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RoundTripTests(ServerFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_OfEverythingADumpMeets_IsIdentical()
    {
        var name = await fixture.NewDatabaseAsync(SampleDatabase.Sql);
        // Settings that would change the text of rows if either side followed them.
        await fixture.Server.ExecuteAsync(
            $"alter database {name} set timezone = 'America/New_York'; alter database {name} set bytea_output = 'escape'; "
            + $"alter database {name} set datestyle = 'German'; alter database {name} set extra_float_digits = -10");

        var dump = await fixture.DumpAsync(name, _folder);
        var scratch = await RestoreAsync(dump);
        await fixture.Server.ExecuteAsync($"alter database {scratch.Name} set timezone = 'Asia/Tokyo'");
        var compared = await CompareAsync(scratch, dump);

        compared.Tables.ShouldBe(dump.Tables.Count);
        var rows = dump.Tables.ToDictionary(static table => table.Name, static table => table.Rows, StringComparer.Ordinal);
        rows["customers"].ShouldBe(1502);
        rows["nocolumns"].ShouldBe(2);
        rows["empty_table"].ShouldBe(0);
        rows["new\nline"].ShouldBe(2);
        rows["tenants"].ShouldBe(2);
        rows["events_2025"].ShouldBe(213);
        rows.ShouldNotContainKey("events");
        rows.ShouldNotContainKey("per_month");
        dump.Tables.Single(static table => table.Name is "customers").Columns[^1].ShouldBe("u");
        dump.LargeObjects.Count.ShouldBe(3);
        dump.LargeObjects.Bytes.ShouldBe(5 + 524288);
        dump.Sequences.ShouldContain(new SequenceValue("\"Sales \"\"x\"\"\".\"odd'seq\"", -5, true));
        dump.Sequences.ShouldContain(new SequenceValue("public.untouched", 42, false));
        dump.DatabaseProperties.Settings.ShouldContain(new DatabaseSetting(null, "TimeZone", "America/New_York"));
    }

    [Theory]
    [InlineData("update customers set price = price + 0.01::text::money where id = 700", "\"customers\"")]
    [InlineData("delete from orders where id = 3", "\"orders\"")]
    [InlineData("update customers set raw = '\\x00' where id = 5", "\"customers\"")]
    [InlineData("create table extra (a int)", "\"extra\" is not in the backup")]
    [InlineData("drop table config", "\"config\" is missing")]
    [InlineData("alter table config drop column v", "lacks a column")]
    [InlineData("select nextval('untouched')", "sequence public.untouched is expected at 42 (not called) and found at 42")]
    [InlineData("create sequence another", "sequence public.another is not in the backup")]
    [InlineData("drop sequence untouched", "found missing")]
    [InlineData("select lo_put(100003, 300000, 'x')", "large objects")]
    [InlineData("select lo_unlink(100002)", "large objects")]
    public async Task Comparison_OfAChangedDatabase_NamesTheDifference(string change, string expected)
    {
        var (dump, database) = await PreparedAsync();
        await fixture.Server.ExecuteAsync(change, database);

        var failure = await Should.ThrowAsync<PgdrException>(() => CompareAsync(new ScratchDatabase(database, 0), dump));

        failure.Code.ShouldBe(ErrorCodes.VerificationFailed);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task Comparison_OfSwappedBlocksOfALargeObject_Fails()
    {
        var name = await fixture.NewDatabaseAsync("select lo_from_bytea(5, convert_to(repeat('a', 262144) || repeat('b', 262144), 'UTF8'))");
        var dump = await fixture.DumpAsync(name, _folder);
        await fixture.Server.ExecuteAsync(
            "select lo_unlink(5); select lo_from_bytea(5, convert_to(repeat('b', 262144) || repeat('a', 262144), 'UTF8'))", name);

        await Should.ThrowAsync<PgdrException>(() => CompareAsync(new ScratchDatabase(name, 0), dump));
    }

    [Fact]
    public async Task Restore_OfANonUtf8Database_KeepsEncodingAndBytes()
    {
        var name = fixture.NewName();
        await fixture.Server.ExecuteAsync($"create database {name} template template0 encoding 'LATIN1' locale 'C'");
        await fixture.Server.ExecuteAsync("create table \"tä\" (a text); insert into \"tä\" values ('Füße')", name);

        var dump = await fixture.DumpAsync(name, _folder);
        var scratch = await RestoreAsync(dump);
        await CompareAsync(scratch, dump);

        (await fixture.Server.ScalarAsync<string>("select getdatabaseencoding()", scratch.Name)).ShouldBe("LATIN1");
    }

    [Fact]
    public async Task Restore_OfSqlAscii_KeepsBytesThatAreNoUtf8()
    {
        var name = fixture.NewName();
        await fixture.Server.ExecuteAsync($"create database {name} template template0 encoding 'SQL_ASCII' locale 'C'");
        await fixture.Server.ExecuteAsync("create table t (a text); insert into t select convert_from('\\xfffe41', 'SQL_ASCII')", name);

        var dump = await fixture.DumpAsync(name, _folder);

        await CompareAsync(await RestoreAsync(dump), dump);
    }

    [Fact]
    public async Task Restore_Reports_ProgressUpToTheLastItem()
    {
        var name = await fixture.NewDatabaseAsync(SampleDatabase.Sql);
        var dump = await fixture.DumpAsync(name, _folder);
        var seen = new Reports<RestoreProgress>();

        await RestoreAsync(dump, seen);

        seen.All.Count.ShouldBeGreaterThan(20);
        seen.All[^1].ItemsDone.ShouldBe(seen.All[^1].ItemsTotal);
    }

    private async Task<ScratchDatabase> RestoreAsync(DumpOutcome dump, IProgress<RestoreProgress>? progress = null)
    {
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, fixture.NewName("r"), dump.DatabaseProperties, CancellationToken.None);
        await DatabaseRestore.RunAsync(
            fixture.Tools, fixture.Connection, _folder["archive"], scratch.Name, 4, progress, CancellationToken.None);
        return scratch;
    }

    private Task<ComparisonOutcome> CompareAsync(ScratchDatabase scratch, DumpOutcome dump) => DatabaseComparison.CompareAsync(
        fixture.Connection, scratch.Name, dump.Tables, dump.LargeObjects, dump.Sequences, 3, null, CancellationToken.None);

    private async Task<(DumpOutcome Dump, string Database)> PreparedAsync()
    {
        var (dump, template) = await fixture.SampleAsync();
        var database = fixture.NewName();
        await fixture.Server.ExecuteAsync($"create database {database} template {template}");
        return (dump, database);
    }
}
