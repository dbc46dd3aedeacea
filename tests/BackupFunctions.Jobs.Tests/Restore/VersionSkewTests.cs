using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>Between versions: what cannot be restored is refused when the backup is chosen, and nothing was touched.</summary>
public sealed class VersionSkewTests
{
    private const string Database = "skewed";

    [Fact]
    public async Task Select_OfFeaturesThatAnOlderServerLacks_NamesThemAndTouchesNothing()
    {
        await using var pair = await Pair.StartAsync(18, 15, "create table \"T\" (a int, b int generated always as (a + 1) virtual); create role left_over");

        var failure = await pair.RefusedAsync();

        failure.Code.ShouldBe(ErrorCodes.ServerTooOld);
        failure.Message.ShouldContain("virtual generated columns (public.\"T\"): restore onto a server of version 18 or later");
    }

    [Fact]
    public async Task Select_OfAnExtensionThatANewerServerLacks_NamesItAndTouchesNothing()
    {
        // Removed with version 17.
        await using var pair = await Pair.StartAsync(15, 17, "create extension adminpack; create role left_over");

        var failure = await pair.RefusedAsync();

        failure.Code.ShouldBe(ErrorCodes.ExtensionsMissing);
        failure.Message.ShouldContain("adminpack 2.1");
        failure.Message.ShouldContain("for version 17");
    }

    [Fact]
    public async Task Restore_OfADamagedDumpThroughPsql_LeavesNoScratchDatabase()
    {
        await using var pair = await Pair.StartAsync(17, 15, "create table u as select i from generate_series(1, 100000) i");
        await pair.Site.BackUpAsync(Database);
        var selected = await pair.Site.SelectAsync(Database, targetServer: "other");
        selected.Checks.ShouldContain(check => check.Contains("through psql for a server of version 15", StringComparison.Ordinal));
        await pair.Site.FetchAsync(selected.BackupId);
        var dump = Path.Combine(pair.Site.Site.WorkFolder, "restores", pair.Site.RestoreId, "dump");
        var data = Directory.EnumerateFiles(dump, "*.dat").MaxBy(file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(data);
        await File.WriteAllBytesAsync(data, [.. bytes[..1000], .. "not a number\n"u8, .. bytes[1000..]]);

        var failure = await Should.ThrowAsync<PgdrException>(() => pair.Site.RestoreAsync(selected.BackupId, "other"));

        failure.Code.ShouldBe(ErrorCodes.ToolFailed);
        failure.Message.ShouldContain("invalid input syntax for type integer");
        (await pair.Target.ScalarAsync<long>("select count(*) from pg_database where datname like 'pgdr%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData(17, 15)]
    public Task SmallDatabase_RestoredOntoAnotherVersion_HasItsRows(int from, int to) => SmallAsync(from, to);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15, 15)]
    [InlineData(18, 15)]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    [InlineData(17, 17)]
    [InlineData(18, 17)]
    [InlineData(17, 18)]
    [InlineData(18, 18)]
    public Task SmallDatabase_RestoredOntoAnyVersion_HasItsRows(int from, int to) => SmallAsync(from, to);

    private static async Task SmallAsync(int from, int to)
    {
        await using var pair = await Pair.StartAsync(
            from, to, "create table t (id int primary key, v text); insert into t select i, E'SET transaction_timeout = 0;\n' || i from generate_series(1, 1000) i");
        await pair.Site.BackUpAsync(Database);

        var (_, restored, _) = await pair.Site.RecoverAsync(Database, "other");

        restored.Rows.ShouldBe(1000);
        (await pair.Target.ScalarAsync<long>("select count(*) from t where v like 'SET transaction_timeout%'", Database)).ShouldBe(1000);
    }

    private sealed record Pair(PostgresServer Source, PostgresServer Target, BackupKeys Keys, JobSite Site) : IAsyncDisposable
    {
        public static async Task<Pair> StartAsync(int from, int to, string sql)
        {
            var source = await PostgresServer.StartAsync(from);
            var target = await PostgresServer.StartAsync(to);
            await source.ExecuteAsync($"create database {Database}");
            await source.ExecuteAsync(sql, Database);
            var keys = new BackupKeys();
            var site = new JobSite(new BackupSite(source, keys, Database));
            site.Site.AddServer("other", target);
            site.Site.Settings["POSTGRES_CLIENT_BIN"] = $"{source.Binaries}:{target.Binaries}";
            return new Pair(source, target, keys, site);
        }

        /// <summary>By the choice of the backup and, had that been left out, by the restore; the server stays as it was.</summary>
        public async Task<PgdrException> RefusedAsync()
        {
            var backup = await Site.BackUpAsync(Database);
            var refused = await Should.ThrowAsync<PgdrException>(() => Site.SelectAsync(Database, targetServer: "other"));
            await Site.FetchAsync(backup.BackupId);
            (await Should.ThrowAsync<PgdrException>(() => Site.RestoreAsync(backup.BackupId, "other"))).Message.ShouldBe(refused.Message);
            (await Target.ScalarAsync<long>("select count(*) from pg_database where not datistemplate and datname <> 'postgres'")).ShouldBe(0);
            (await Target.ScalarAsync<long>("select count(*) from pg_roles where rolname = 'left_over'")).ShouldBe(0);
            return refused;
        }

        public async ValueTask DisposeAsync()
        {
            Site.Dispose();
            Keys.Dispose();
            await Source.DisposeAsync();
            await Target.DisposeAsync();
        }
    }
}
