using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Tests.Tenants;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>Some tables of a backup, with what they need and nothing that could be taken for more.</summary>
[Collection(ServerCollection.Name)]
public sealed class SelectiveRestoreTests(ServerFixture fixture)
{
    private const string Shop = """
        create schema sales; create schema stock; create extension hstore schema stock; create type sales.state as enum ('open', 'paid');
        create function sales.price(int) returns int language sql immutable as 'select $1 * 2';
        create table sales.customers (id int primary key, name text);
        create table stock.items (id int primary key, tags stock.hstore);
        create table sales.orders (id int generated always as identity primary key, customer int not null references sales.customers, state sales.state default 'open',
          again int references sales.orders, price int generated always as (sales.price(id)) stored);
        create table sales."order lines" ("order" int constraint "of an order" references sales.orders, item int constraint of_an_item references stock.items, n int check (n > 0));
        comment on constraint "of an order" on sales."order lines" is 'kept'; comment on constraint of_an_item on sales."order lines" is 'goes';
        comment on constraint customers_pkey on sales.customers is 'c';
        create index on sales.orders (state); create unique index on sales."order lines" ("order", item);
        insert into sales.customers select i, 'c' || i from generate_series(1, 10) i; insert into stock.items select i, 'a=>1' from generate_series(1, 10) i;
        insert into sales.orders (customer) select 1 + i % 10 from generate_series(1, 50) i; insert into sales."order lines" select i, 1 + i % 10, 1 from generate_series(1, 50) i;
        create view sales.open as select * from sales.orders where state = 'open'; create view sales.full_orders as select o.id from sales.orders o join sales.customers c on c.id = o.customer;
        create materialized view sales.counts as select state, count(*) n from sales.orders group by 1; create materialized view stock.failing as select 1 / count(*) one from stock.items;
        create view sales.above as select n from sales.counts;
        create table stock.log (at date, what text, by int constraint by_whom references sales.customers) partition by range (at);
        create table stock.log_2025 partition of stock.log for values from ('2025-01-01') to ('2026-01-01');
        create table stock.log_2026 partition of stock.log for values from ('2026-01-01') to ('2027-01-01');
        insert into stock.log values ('2025-02-01', 'a'), ('2026-02-01', 'b'); create view stock.whole_log as select * from stock.log;
        create table stock.base (id int); create table stock.derived (more int) inherits (stock.base); insert into stock.derived values (1, 2);
        create table stock.allowed (who text); create table stock.secrets (who text); insert into stock.secrets values ('x'); alter table stock.secrets enable row level security;
        create policy p on stock.secrets using (exists (select from stock.allowed a where a.who = current_user)); insert into stock.allowed values ('postgres');
        create function sales.no() returns event_trigger language plpgsql as 'begin raise ''no''; end'; create publication p for all tables;
        create event trigger refusing on sql_drop execute function sales.no();
        select lo_from_bytea(0, 'large');
        """;

    [Fact]
    public async Task Restore_OfTables_BringsThemWithWhatTheyNeedAndNamesWhatIsLeftOut()
    {
        var (site, scratch) = await RestoreAsync(new(["sales.order*"], []), tables: 2, rows: 100);
        using var disposed = site;

        (await TextAsync(scratch, Tables)).ShouldBe("sales.order lines, sales.orders");
        (await TextAsync(scratch, "select string_agg(conname, ', ' order by conname) from pg_constraint where contype = 'f'")).ShouldBe("of an order, orders_again_fkey");
        (await TextAsync(scratch, "select string_agg(description, ', ') from pg_description where classoid = 'pg_constraint'::regclass and objoid >= 16384")).ShouldBe("kept");
        (await TextAsync(scratch, "select string_agg(indexrelid::regclass::text, ', ' order by indexrelid::regclass::text) from pg_index where indexrelid >= 16384 and indrelid <> 0 and indexrelid::regclass::text !~ 'pg_toast'"))
            .ShouldBe("sales.\"order lines_order_item_idx\", sales.orders_pkey, sales.orders_state_idx");
        (await TextAsync(scratch, "select string_agg(relname, ', ' order by relname) from pg_class where relkind in ('v', 'm') and oid >= 16384")).ShouldBe("above, counts, open");
        (await TextAsync(scratch, "select state || ' ' || n from sales.counts")).ShouldBe("open 50");
        (await TextAsync(scratch, "select nextval('sales.orders_id_seq')::text")).ShouldBe("51");
        (await TextAsync(scratch, "select string_agg(price::text, ' ') from sales.orders where id < 3")).ShouldBe("2 4");
        (await TextAsync(scratch, "select (select count(*) from pg_event_trigger) || ' ' || (select count(*) from pg_publication) || ' ' || (select count(*) from pg_largeobject_metadata)")).ShouldBe("0 0 0");
        site.Reporter.Warnings.ShouldContain("Foreign keys to tables that were not selected were left out: of_an_item of sales.order lines to stock.items, orders_customer_fkey of sales.orders to sales.customers.", StringComparer.Ordinal);
        site.Reporter.Warnings.ShouldContain("Views of tables that were not selected were left out: sales.full_orders, stock.failing, stock.whole_log.", StringComparer.Ordinal);
        site.Reporter.Warnings.ShouldContain("Large objects were left out (1): a restore of the whole database brings them.", StringComparer.Ordinal);
        site.FilesAnywhere("*-proven.json").ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_OfPartsOfOtherTables_KeepsThoseWithoutRows()
    {
        var (site, scratch) = await RestoreAsync(new(["stock.log_2025", "stock.derived", "stock.secrets"], []), tables: 3, rows: 3);
        using var disposed = site;

        (await TextAsync(scratch, Tables)).ShouldBe("stock.allowed, stock.base, stock.derived, stock.log, stock.log_2025, stock.secrets");
        (await TextAsync(scratch, "select count(*)::text from stock.allowed")).ShouldBe("0");
        (await TextAsync(scratch, "select count(*)::text from pg_policy")).ShouldBe("1");
        (await TextAsync(scratch, "select string_agg(what, ' ') from stock.log")).ShouldBe("a");
        site.Reporter.Warnings.ShouldContain("Tables by which selected ones are defined are there without their rows: stock.allowed, stock.base, stock.log.", StringComparer.Ordinal);
        site.Reporter.Warnings.ShouldContain("Foreign keys to tables that were not selected were left out: by_whom of stock.log to sales.customers.", StringComparer.Ordinal);
        (await TextAsync(scratch, "select coalesce(to_regclass('stock.whole_log')::text, 'gone')")).ShouldBe("gone");
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("Views of tables that were not selected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_OfASchema_BringsPartitionsWithTheirTable()
    {
        var (site, scratch) = await RestoreAsync(new(["stock.log"], ["sales"]), tables: 5, rows: 112);
        using var disposed = site;

        (await TextAsync(scratch, Tables)).ShouldBe("sales.customers, sales.order lines, sales.orders, stock.log, stock.log_2025, stock.log_2026");
        (await TextAsync(scratch, "select string_agg(conname, ', ' order by conname) from pg_constraint where contype = 'f' and conparentid = 0")).ShouldBe("by_whom, of an order, orders_again_fkey, orders_customer_fkey");
        (await TextAsync(scratch, "select count(*)::text from stock.whole_log")).ShouldBe("2");
        (await TextAsync(scratch, "select string_agg(description, ', ' order by description) from pg_description where classoid = 'pg_constraint'::regclass and objoid >= 16384")).ShouldBe("c, kept");
    }

    [Fact]
    public async Task Restore_OfADatabaseInAnotherEncoding_KnowsItsNames()
    {
        const string Name = "in_latin1";
        await fixture.Server.ExecuteAsync($"create database {Name} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");
        await fixture.Server.ExecuteAsync(
            """
            create table "Größe" (id int primary key); create table "Übrige" (id int primary key); insert into "Größe" values (1); insert into "Übrige" values (1);
            create table "Straße" (a int constraint "größer" references "Größe", b int constraint "übrig" references "Übrige"); insert into "Straße" values (1, 1);
            comment on constraint "größer" on "Straße" is 'é'; comment on constraint "übrig" on "Straße" is 'è'; create materialized view "Später" as select count(*) n from "Größe";
            """,
            Name);
        using var site = fixture.NewSite(Name);
        var backup = (await site.BackUpAsync(Name)).BackupId;
        await site.FetchAsync(backup);

        var restored = await RunAsync(site, backup, new(["public.Größe", "public.Stra?e"], []));

        restored.Tables.ShouldBe(2);
        restored.Rows.ShouldBe(2);
        (await TextAsync(restored.ScratchDatabase, "select string_agg(conname, ', ') from pg_constraint where contype = 'f'")).ShouldBe("größer");
        (await TextAsync(restored.ScratchDatabase, "select n::text from \"Später\"")).ShouldBe("1");
        site.Reporter.Warnings.ShouldContain("Foreign keys to tables that were not selected were left out: übrig of public.Straße to public.Übrige.", StringComparer.Ordinal);
    }

    [Fact]
    public async Task Restore_OfATableThatIsNotThere_SaysSoAndTouchesNothing()
    {
        var (site, backup) = await BackedUpAsync();
        using var disposed = site;

        (await RunAsync(site, backup, new(["sales.*", "sales.nothing"], [])).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("'sales.nothing'");

        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname like 'pgdr_{site.RestoreId}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Select_WithoutAnotherNameOrWithOneThatIsTaken_IsRefused()
    {
        using var site = fixture.NewSite(ServerFixture.Invoices);
        using var reader = BackupReader.FromSettings(site.Environment);
        await site.BackUpAsync(ServerFixture.Invoices);
        Task SelectAsync(string? into) => new SelectBackupJob(site.Environment, reader).RunAsync(
            new SelectBackupParameters(ServerFixture.Invoices, BackupId: null, TargetServer: null) { Into = into, Selection = new(["public.lines1"], []) }, CancellationToken.None);

        (await SelectAsync(null).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("--to NAME");
        (await SelectAsync(ServerFixture.Invoices).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("--to NAME");
        (await SelectAsync("postgres").ShouldFailWithAsync(ErrorCodes.DatabaseExists)).ShouldContain("'postgres'");
    }

    [Fact]
    public async Task Select_OfTablesOfATenantsBackup_IsRefused()
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table t (tenant text); insert into t values ('a')", ("Column", "tenant"));
        var backup = await site.BackUpAsync("a");
        using var reader = BackupReader.FromSettings(site.Jobs.Environment);

        Task selecting = new SelectBackupJob(site.Jobs.Environment, reader).RunAsync(
            new SelectBackupParameters(site.Database, backup.BackupId, TargetServer: null) { Into = "look", Selection = new(["public.t"], []) }, CancellationToken.None);

        (await selecting.ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("is of one tenant");
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15, 15)]
    [InlineData(17, 15)]
    [InlineData(17, 17)]
    [InlineData(18, 15)]
    [InlineData(18, 18)]
    public async Task Restore_OfPartsOfEverything_HasTheRowsOfTheBackup(int from, int to)
    {
        const string Name = EverythingDatabase.Name;
        await using var source = await PostgresServer.StartAsync(from, "wal_level = logical");
        await using var target = await PostgresServer.StartAsync(to, "wal_level = logical");
        await EverythingDatabase.LoadAsync(source, Name);
        using var keys = new BackupKeys();
        using var site = new JobSite(new BackupSite(source, keys, Name));
        site.Site.AddServer("other", target);
        site.Site.Settings["POSTGRES_CLIENT_BIN"] = $"{source.Binaries}:{target.Binaries}";
        var backup = (await site.BackUpAsync(Name)).BackupId;
        await site.FetchAsync(backup);

        foreach (var selection in (TableSelection[])[
            new(["public.chicken"], ["select"]), new(["public.grandchild", "public.events 2025 eu"], []), new([], ["new\nline", "Ü*", "host=*", "ends with a backslash\\"]),
            new(["public.t*", "public.TABLE DATA*"], []), new(["*"], [])])
        {
            var restored = await RunAsync(site, backup, selection, "other");
            restored.Tables.ShouldBeGreaterThan(0);
        }
    }

    private const string Tables = "select string_agg(n.nspname || '.' || c.relname, ', ' order by n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname in ('sales', 'stock')";

    private async Task<(JobSite Site, string Scratch)> RestoreAsync(TableSelection selection, int tables, long rows)
    {
        var (site, backup) = await BackedUpAsync();
        var restored = await RunAsync(site, backup, selection);
        restored.Tables.ShouldBe(tables);
        restored.Rows.ShouldBe(rows);
        return (site, restored.ScratchDatabase);
    }

    private async Task<(JobSite Site, string BackupId)> BackedUpAsync()
    {
        var name = await fixture.NewDatabaseAsync(Shop);
        var site = fixture.NewSite(name);
        var backup = (await site.BackUpAsync(name)).BackupId;
        await site.FetchAsync(backup);
        return (site, backup);
    }

    private static Task<RestoreDatabaseResult> RunAsync(JobSite site, string backup, TableSelection selection, string server = "main") =>
        new RestoreDatabaseJob(site.Environment).RunAsync(new RestoreDatabaseParameters(site.RestoreId, backup, server) { Selection = selection }, CancellationToken.None);

    private async Task<string?> TextAsync(string database, string sql) => await fixture.Server.ScalarAsync<string>(sql, database);
}
