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

    [Fact]
    public async Task Run_AThousandTenantsOneOfWhichFails_BacksUpTheOthers()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, ("Column", "tenant_id"), ("Root", "public.tenants(id)"));
        var connections = 0L;
        var started = Stopwatch.GetTimestamp();
        var run = Task.Run(() => site.BackUpAsync(tenants: null));
        while (await Task.WhenAny(run, Task.Delay(500)) != run)
        {
            connections = Math.Max(connections, await fixture.Server.ScalarAsync<long>($"select count(*) from pg_stat_activity where datname = '{site.Database}'"));
        }

        var result = await run;

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(FormattableString.Invariant(
            $"{result.Tenants} tenants, {result.Rows} rows, {result.PlainSize} -> {result.StoredSize} bytes, 3 copies each: {seconds:F1} s, {connections} connections at most, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
        (result.Tenants, result.Verified, result.Failed).ShouldBe((1000, 999, 1));
        result.Failures.ShouldHaveSingleItem().Tenant.ShouldBe("42");
        result.Rows.ShouldBe(999 * 201);
        connections.ShouldBeLessThanOrEqualTo(2 + 4);
    }
}
