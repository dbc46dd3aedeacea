using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>Labels of a real provider: by the server's libraries, by the database's own, and none at all.</summary>
public sealed class SecurityLabelTests
{
    private const string Labelled = """
        create schema s; create table s.t (a int, "B" text); create view s.v as select a from s.t; create function s.f() returns int language sql as 'select 1';
        create domain s.d as int; create sequence s.q; create publication p for table s.t; select lo_from_bytea(7, 'x');
        security label for pgdr_test on schema s is 'schema'; security label for pgdr_test on table s.t is 'it''s a "table"'; security label for pgdr_test on column s.t."B" is 'column é';
        security label for pgdr_test on view s.v is 'view'; security label for pgdr_test on function s.f() is 'function'; security label for pgdr_test on domain s.d is 'domain';
        security label for pgdr_test on sequence s.q is 'sequence'; security label for pgdr_test on publication p is 'publication'; security label for pgdr_test on large object 7 is 'large';
        """;

    private const string Labels = "select string_agg(concat_ws(' ', objtype, objname, provider, label), '; ' order by objtype, objname) from pg_seclabels where objtype <> 'role' and objtype <> 'database'";

    [Fact]
    public Task Labels_OfAServerThatLoadsTheirProvider_AreRestored() => RoundTripAsync(15, 15);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(17, 17)]
    [InlineData(18, 18)]
    [InlineData(15, 18)]
    [InlineData(18, 15)]
    public Task Labels_OfOtherVersions_AreRestored(int from, int to) => RoundTripAsync(from, to);

    private static async Task RoundTripAsync(int from, int to)
    {
        await using var site = await LabelSite.StartAsync(byServer: true, target: true, from, to);
        var before = await site.Source.ScalarAsync<string>(Labels, "app");

        await site.Jobs.RecoverAsync("app", "other");

        before!.Split("; ").Length.ShouldBe(9);
        (await site.Target.ScalarAsync<string>(Labels, "app")).ShouldBe(before);
    }

    [Fact]
    public async Task Labels_OfADatabaseThatLoadsTheirProviderItself_AreRestoredOntoAServerThatDoesNot()
    {
        await using var site = await LabelSite.StartAsync(byServer: false, target: false);
        var before = await site.Source.ScalarAsync<string>(Labels, "app");

        await site.Jobs.RecoverAsync("app", "other");

        (await site.Target.ScalarAsync<string>(Labels, "app")).ShouldBe(before);
    }

    [Fact]
    public async Task Labels_OfAProviderThatTheServerLacks_AreRefusedBeforeAnythingIsTouched()
    {
        await using var site = await LabelSite.StartAsync(byServer: true, target: false);

        var refused = await Should.ThrowAsync<PgdrException>(() => site.Jobs.SelectAsync("app", targetServer: "other"));

        refused.Code.ShouldBe(ErrorCodes.ExtensionsMissing);
        refused.Message.ShouldContain("security labels of provider \"pgdr_test\"");
        await site.Jobs.FetchAsync(site.BackupId);
        (await Should.ThrowAsync<PgdrException>(() => site.Jobs.RestoreAsync(site.BackupId, "other"))).Message.ShouldBe(refused.Message);
        (await site.Target.ScalarAsync<long>("select count(*) from pg_database where not datistemplate and datname <> 'postgres'")).ShouldBe(0);
    }

    private sealed record LabelSite(PostgresServer Source, PostgresServer Target, BackupKeys Keys, JobSite Jobs, string BackupId) : IAsyncDisposable
    {
        public static async Task<LabelSite> StartAsync(bool byServer, bool target, int from = 15, int to = 15)
        {
            var library = await LabelProvider.EnsureAsync(from);
            static string[] Settings(string? library) => library is null ? ["wal_level = logical"] : ["wal_level = logical", $"shared_preload_libraries = '{library}'"];
            var source = await PostgresServer.StartAsync(from, Settings(byServer ? library : null));
            var other = await PostgresServer.StartAsync(to, Settings(target ? await LabelProvider.EnsureAsync(to) : null));
            await source.ExecuteAsync("create database app");
            if (!byServer)
            {
                await source.ExecuteAsync($"alter database app set session_preload_libraries = '{library}'");
            }

            await source.ExecuteAsync(Labelled, "app");
            var keys = new BackupKeys();
            var jobs = new JobSite(new BackupSite(source, keys, "app"));
            jobs.Site.AddServer("other", other);
            jobs.Site.Settings["POSTGRES_CLIENT_BIN"] = $"{source.Binaries}:{other.Binaries}";
            return new LabelSite(source, other, keys, jobs, (await jobs.BackUpAsync("app")).BackupId);
        }

        public async ValueTask DisposeAsync()
        {
            Jobs.Dispose();
            Keys.Dispose();
            await Source.DisposeAsync();
            await Target.DisposeAsync();
        }
    }
}
