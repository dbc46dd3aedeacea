using System.Diagnostics;
using BackupFunctions.Jobs.Tests.Support;
using Xunit.Abstractions;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>The weekly run at the size that is promised: 1,000 tenants of 200 rows. Its small sibling is <see cref="TenantRunsTests"/>.</summary>
[Collection(ServerCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ThousandTenantsTests(ServerFixture fixture, ITestOutputHelper output)
{
    private const string Sql = """
        create table tenants (id int primary key, name text);
        create table customers (id int primary key, tenant_id int not null references tenants, name text);
        create table orders (id int primary key, customer int not null references customers, total numeric);
        create table lines (id int primary key, order_id int not null references orders, what text, friend int references lines);
        insert into tenants select i, 'tenant ' || i from generate_series(1, 1000) i;
        insert into customers select i, 1 + i % 1000, 'customer ' || i from generate_series(0, 19999) i;
        insert into orders select i, i % 20000, i from generate_series(0, 59999) i;
        insert into lines select i, i % 60000, md5(i::text) from generate_series(0, 119999) i;
        create index on customers (tenant_id); create index on orders (customer); create index on lines (order_id);
        update lines set friend = 1 where id = 41;
        analyze;
        """;

    // Committed a hundred at a time: all at once would need more locks than a server has.
    private const string Schemas = """
        create schema shared; create table shared.plans (id int primary key); insert into shared.plans values (1);
        create procedure make_tenant(i int) language plpgsql as $$
        begin
          execute format('create schema t_%1$s', to_char(i, 'fm0000'));
          execute format('set local search_path = t_%1$s', to_char(i, 'fm0000'));
          create table tenant (id int primary key, plan int references shared.plans);
          create table customers (id int primary key, name text);
          create table orders (id int primary key, customer int not null references customers, total numeric);
          create table lines (id int primary key, order_id int not null references orders, what text);
          insert into tenant values (i, 1);
          insert into customers select n, 'customer ' || n from generate_series(1, 20) n;
          insert into orders select n, 1 + n % 20, n from generate_series(1, 60) n;
          insert into lines select n, 1 + n % 60, md5(n::text) from generate_series(1, 120) n;
        end $$;
        create procedure make_tenants() language plpgsql as $$
        begin
          for i in 1..1000 loop
            call public.make_tenant(i);
            if i % 100 = 0 then commit; end if;
          end loop;
        end $$;
        """;

    [Fact]
    public async Task Run_AThousandTenantsOneOfWhichFails_BacksUpTheOthers()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, ("Column", "tenant_id"), ("Root", "public.tenants(id)"));

        await ShouldBackUpAllButAsync(site, "42");
    }

    [Fact]
    public async Task Run_AThousandSchemasOneOfWhichFails_BacksUpTheOthers()
    {
        using var site = await TenantSite.CreateAsync(fixture, Schemas, ("Mode", "schema"), ("Pattern", "t_*"), ("Shared", "shared"));
        await site.ExecuteAsync("call make_tenants()");
        await site.ExecuteAsync("create schema aside; create type aside.mood as enum ('good'); alter table t_0042.tenant add mood aside.mood; analyze");

        await ShouldBackUpAllButAsync(site, "t_0042");
    }

    private async Task ShouldBackUpAllButAsync(TenantSite site, string failing)
    {
        var connections = 0L;
        var started = Stopwatch.GetTimestamp();
        var run = Task.Run(() => site.BackUpAsync(tenants: null));
        while (await Task.WhenAny(run, Task.Delay(100)) != run)
        {
            connections = Math.Max(connections, await fixture.Server.ScalarAsync<long>($"select count(*) from pg_stat_activity where datname = '{site.Database}'"));
        }

        var result = await run;

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        output.WriteLine(FormattableString.Invariant(
            $"{result.Tenants} tenants, {result.Rows} rows, {result.PlainSize} -> {result.StoredSize} bytes, 3 copies each: {seconds:F1} s, {connections} connections at most, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB, load {load}"));
        (result.Tenants, result.Verified, result.Failed).ShouldBe((1000, 999, 1));
        result.Failures.ShouldHaveSingleItem().Tenant.ShouldBe(failing);
        result.Rows.ShouldBe(999 * 201);
        connections.ShouldBeLessThanOrEqualTo(2 + 4);
    }
}
