using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

[Collection(ServerCollection.Name)]
public sealed class TenantBackupJobTests(ServerFixture fixture)
{
    /// <summary>Two tenants; tables by column, by key, by a key of a key, and shared.</summary>
    internal const string Shop = """
        create table tenants (id int primary key, name text not null);
        create table plans (code text primary key, price money);
        create table customers (id bigint generated always as identity primary key, tenant_id int not null references tenants, plan text references plans, name text,
            upper_name text generated always as (upper(name)) stored, referrer bigint references customers);
        create table orders (id serial primary key, customer bigint not null references customers, total numeric(10, 2));
        create table lines (order_id int references orders on delete cascade, number int, what text, primary key (order_id, number));
        create view totals as select customer, sum(total) from orders group by 1;
        create materialized view best as select max(total) from orders;
        create function audit() returns trigger language plpgsql as 'begin raise exception ''no trigger may fire''; end';
        insert into tenants select i, 'tenant ' || i from generate_series(1, 3) i;
        insert into plans values ('a', 1.5), ('b', 2);
        insert into customers (tenant_id, plan, name, referrer)
            select 1 + i % 2, case i % 3 when 0 then 'a' else 'b' end, E'name\t\\ ' || i, case when i > 2 then i - 2 end from generate_series(1, 40) i;
        insert into orders (customer, total) select 1 + i % 40, i from generate_series(1, 100) i;
        insert into lines select o.id, n, 'thing ' || o.id from orders o, generate_series(1, 3) n;
        create trigger audit before insert on lines for each row execute function audit();
        refresh materialized view best;
        """;

    private static readonly (string, string)[] ByColumn = [("Column", "tenant_id"), ("Root", "public.tenants(id)"), ("Shared", "public.plans")];

    [Fact]
    public async Task Backup_OneTenant_IsVerifiedAndRestoresIntoANewDatabaseWithItsRowsAlone()
    {
        using var site = await TenantSite.CreateAsync(fixture, Shop, ByColumn);

        var backup = await site.BackUpAsync("1");

        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        var restored = await site.RestoreAsync(backup.BackupId, $"{site.Database}_1");
        (await site.ScalarAsync<string>("select string_agg(id::text, ',') from tenants", restored)).ShouldBe("1");
        (await site.ScalarAsync<long>("select count(*) from plans", restored)).ShouldBe(2);
        (await site.ScalarAsync<long>("select count(*) from customers where tenant_id = 1", restored)).ShouldBe(20);
        (await site.ScalarAsync<long>("select count(*) from customers", restored)).ShouldBe(20);
        (await site.ScalarAsync<long>("select count(*) from lines", restored))
            .ShouldBe(await site.ScalarAsync<long>("select count(*) from lines l join orders o on o.id = l.order_id join customers c on c.id = o.customer where c.tenant_id = 1"));
        (await site.ScalarAsync<decimal>("select max from best", restored))
            .ShouldBe(await site.ScalarAsync<decimal>("select max(total) from orders o join customers c on c.id = o.customer where tenant_id = 1"));
        (await site.ScalarAsync<long>("select nextval('orders_id_seq')", restored))
            .ShouldBe(1 + await site.ScalarAsync<int>("select max(o.id) from orders o join customers c on c.id = o.customer where tenant_id = 1"));
    }
}
