using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tests.Dump;

[Collection(ServerCollection.Name)]
public sealed class ColumnVersionsTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("'{pg_attver=7}'", true)]
    [InlineData("'{n_distinct=-1,pg_attver=7}'", true)]
    [InlineData("'{n_distinct=-1}'", false)]
    [InlineData("null", false)]
    public async Task Kept_IsReadFromTheOptionsOfColumns(string options, bool kept)
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int)");
        await fixture.Server.ExecuteAsync($"update pg_attribute set attoptions = {options} where attrelid = 't'::regclass and attname = 'a'", name);
        await using var connection = await fixture.Server.OpenAsync(name);

        (await ColumnVersions.AreKeptAsync(connection, default)).ShouldBe(kept);
    }

    [Theory]
    [InlineData(true, "17.11", 1)]
    [InlineData(true, "15.18", 1)]
    [InlineData(true, "15.20", 0)]
    [InlineData(true, "18.7", 0)]
    [InlineData(false, "15.18", 0)]
    public void Warnings_AreForServersThatKeepThemAndToolsThatDoNotKnow(bool kept, string version, int count)
    {
        var tools = new PgTools
        {
            BinariesFolder = "/x", Major = 15, Versions = new Dictionary<string, string>(StringComparer.Ordinal) { [PgTools.PgDumpName] = version },
        };

        ColumnVersions.Warnings(kept, tools).Count().ShouldBe(count);
    }
}
