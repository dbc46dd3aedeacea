using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>A database that really receives changes, restored while it does: its subscription comes back disabled and without the slot.</summary>
public sealed class SubscriptionTests
{
    private const string Name = "\"Abo \"\"é\"\"\"";
    private const string Restored = "select concat_ws(' ', subname, subenabled, coalesce(subslotname, 'no slot'), subowner::regrole, obj_description(oid, 'pg_subscription')) from pg_subscription";

    [Theory]
    [InlineData(15, 15)]
    public Task Recover_ADatabaseThatSubscribes_LeavesProductionsSlotAloneAndCanBeEnabledByHand(int from, int to) => RunAsync(from, to);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15, 18)]
    [InlineData(17, 15)]
    [InlineData(17, 17)]
    [InlineData(18, 15)]
    [InlineData(18, 18)]
    public Task Recover_BetweenOtherVersions_LeavesProductionsSlotAloneToo(int from, int to) => RunAsync(from, to);

    [Fact]
    public async Task Recover_OntoAServerThatRefusesOne_NamesItAndRestoresTheOthers()
    {
        // Options that 17 knows and 15 does not; a name that is no SQL word but one that pg_restore's list would show as two.
        await using var source = await PostgresServer.StartAsync(17, "wal_level = logical");
        await using var target = await PostgresServer.StartAsync(15, "log_statement = all");
        await source.ExecuteAsync("create database app");
        await source.ExecuteAsync(
            """
            create subscription "new one" connection 'host=nowhere.invalid password=sub-canary' publication p with (connect = false, failover = true, slot_name = a);
            create subscription plain connection 'host=nowhere.invalid password=sub-canary' publication p with (connect = false);
            comment on subscription plain is 'plain''s';
            """,
            "app");
        using var keys = new BackupKeys();
        using var site = Site(source, target, keys);
        await site.BackUpAsync("app");

        await site.RecoverAsync("app", "other");

        (await target.ScalarAsync<string>(Restored, "app")).ShouldBe("plain f no slot postgres plain's");
        (await target.ScalarAsync<long>("select count(*) from pg_subscription")).ShouldBe(1);
        site.Reporter.Warnings.ShouldContain(
            "The subscription \"new one\" was left out (server 'other' refuses it with SQLSTATE 42601): create it again when the recovered database is to receive changes.",
            StringComparer.Ordinal);
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("The subscription plain was restored disabled", StringComparison.Ordinal));
        site.Reporter.Warnings.ShouldNotContain(warning => warning.Contains("sub-canary", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(Path.Combine(target.SocketFolder, "log"))).ShouldNotContain("sub-canary");
    }

    private static async Task RunAsync(int from, int to)
    {
        await using var publisher = await PostgresServer.StartAsync(from, "wal_level = logical");
        await using var production = await PostgresServer.StartAsync(from, "wal_level = logical");
        await using var other = await PostgresServer.StartAsync(to, "wal_level = logical", "log_statement = all");
        await publisher.ExecuteAsync("create table t (i int primary key); create publication p for table t; insert into t values (1)");
        await production.ExecuteAsync("create database app");
        await production.ExecuteAsync("create table t (i int primary key)", "app");
        // From version 18 on the default is streaming = parallel, which 15 refuses.
        await production.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"create subscription {Name} connection 'host=127.0.0.1 port={publisher.Port} user=postgres password={PostgresServer.SuperuserPassword} dbname=postgres' publication p with (slot_name = productions, streaming = on)"),
            "app");
        await production.ExecuteAsync($"comment on subscription {Name} is 'c'", "app");
        await UntilAsync(async () => await RowsAsync(production) == "1");
        using var keys = new BackupKeys();
        using var site = Site(production, other, keys);
        await site.BackUpAsync("app");

        await site.RecoverAsync("app", "other");

        (await other.ScalarAsync<string>(Restored, "app")).ShouldBe("Abo \"é\" f no slot postgres c");
        (await other.ScalarAsync<long>("select count(*) from pg_subscription")).ShouldBe(1);
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith($"The subscription {Name} was restored disabled and without a slot", StringComparison.Ordinal));
        await AssertSecretStaysAsync(site, other);
        await publisher.ExecuteAsync("insert into t values (2)");
        await UntilAsync(async () => await RowsAsync(production) == "1 2");
        (await RowsAsync(other)).ShouldBe("1");

        // As docs/040 says.
        await publisher.ExecuteAsync("select pg_create_logical_replication_slot('recovered', 'pgoutput')");
        await other.ExecuteAsync($"alter subscription {Name} set (slot_name = 'recovered')", "app");
        await other.ExecuteAsync($"alter subscription {Name} enable", "app");
        await other.ExecuteAsync("truncate t", "app");
        await other.ExecuteAsync($"alter subscription {Name} refresh publication", "app");
        await UntilAsync(async () => await RowsAsync(other) == "1 2");
        await publisher.ExecuteAsync("insert into t values (3)");
        await UntilAsync(async () => await RowsAsync(other) == "1 2 3" && await RowsAsync(production) == "1 2 3");
        await other.ExecuteAsync($"drop subscription {Name}", "app");
        (await publisher.ScalarAsync<string>("select string_agg(slot_name, ' ') from pg_replication_slots where slot_type = 'logical'")).ShouldBe("productions");
    }

    [Fact]
    public async Task Recover_TwiceOnTheSameServer_IsBlockedByTheLiveSubscriptionOnly()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("create database app");
        await server.ExecuteAsync("create table t (i int); create subscription s connection 'host=nowhere.invalid' publication p with (connect = false)", "app");
        using var keys = new BackupKeys();
        using var first = new JobSite(new BackupSite(server, keys, "app"));
        await first.BackUpAsync("app");

        (await first.RecoverAsync("app").ShouldFailWithAsync(ErrorCodes.SwapBlocked)).ShouldContain("subscriptions (s)");
        await server.ExecuteAsync("alter subscription s set (slot_name = none)", "app");
        var (selected, restored, _) = await first.RecoverAsync("app");
        // A run that was killed before its result was written comes again.
        (await first.SwapAsync("app", selected.BackupId, restored)).KeptDatabase.ShouldNotBeNull();
        using var second = new JobSite(new BackupSite(server, keys, "app"));
        await second.BackUpAsync("app");
        await second.RecoverAsync("app");

        (await server.ScalarAsync<string>(Restored + " where subdbid = (select oid from pg_database where datname = 'app')")).ShouldBe("s f no slot postgres");
        (await server.ScalarAsync<long>("select count(*) from pg_subscription")).ShouldBe(3);
    }

    private static JobSite Site(PostgresServer source, PostgresServer target, BackupKeys keys)
    {
        var site = new JobSite(new BackupSite(source, keys, "app"));
        site.Site.AddServer("other", target);
        site.Site.Settings["POSTGRES_CLIENT_BIN"] = $"{source.Binaries}:{target.Binaries}";
        return site;
    }

    private static async Task AssertSecretStaysAsync(JobSite site, PostgresServer server)
    {
        site.Reporter.Warnings.ShouldNotContain(warning => warning.Contains(PostgresServer.SuperuserPassword, StringComparison.Ordinal));
        (await File.ReadAllTextAsync(Path.Combine(server.SocketFolder, "log"))).ShouldNotContain(PostgresServer.SuperuserPassword);
    }

    private static async Task<string> RowsAsync(PostgresServer server) =>
        await server.ScalarAsync<string>("select string_agg(i::text, ' ' order by i) from t", "app") ?? string.Empty;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
