using BackupFunctions.Contracts.Jobs;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>Four tables with keys of every kind, edits that keep their foreign keys, and what a merge must make of them.</summary>
internal static class MergeShop
{
    public const string Sql = """
        create table region (code text primary key, title text, changed int);
        create table customer (
          id bigint generated always as identity primary key, region text references region on delete cascade on update cascade, name text,
          shout text generated always as (upper(name)) stored, parent bigint references customer on delete set null, changed int);
        create table "Order 1" (
          customer bigint references customer on delete cascade, "no" int, note jsonb, "c1" numeric, changed int, primary key (customer, "no"));
        create table line (
          id serial primary key, customer bigint, "no" int, amount numeric, changed int,
          foreign key (customer, "no") references "Order 1" on delete cascade);
        insert into region select t, 'r' || n, 5 from unnest(array['', 'a', 'A', 'ä', E'tab\t', E'back\\slash', E'line\nfeed', '"quoted"', '\N', '''', 'z ']) with ordinality as x(t, n);
        insert into customer (region, name, changed) select code, code || '?', 5 from region;
        update customer set parent = 12 - id;
        insert into "Order 1" select id, n, '{"a": 1.0}', 1.0, 5 from customer, generate_series(1, 2) n;
        insert into line (customer, "no", amount, changed) select customer, "no", null, 5 from "Order 1";
        """;

    /// <summary>Whatever a case before made of the database is gone: much quicker than a database for each.</summary>
    public const string Reset = "drop event trigger if exists alarm; drop schema public cascade; create schema public;\n" + Sql;

    /// <summary>No trigger may fire in a merge.</summary>
    public const string Alarm = """
        create function alarm() returns trigger language plpgsql as $$ begin raise exception 'a trigger fired'; end $$;
        create trigger alarm before insert or update or delete on region for each row execute function alarm();
        create trigger alarm before insert or update or delete on customer for each row execute function alarm();
        create trigger alarm before insert or update or delete on "Order 1" for each row execute function alarm();
        create trigger alarm before insert or update or delete on line for each row execute function alarm();
        create function ddl_alarm() returns event_trigger language plpgsql as $$ begin raise exception 'an event trigger fired'; end $$;
        create event trigger alarm on ddl_command_start execute function ddl_alarm();
        """;

    /// <summary>One edit, by a random number.</summary>
    public static string Edit(int number)
    {
        var (kind, n) = (number % 12, number / 12);
        var changed = (n % 4) switch { 0 => "changed", 1 => "null", 2 => "coalesce(changed, 5) - 1", _ => "coalesce(changed, 5) + 1" };
        string Pick(string table, string key) => $"(select {key} from {table} order by {key} offset {n % 9} limit 1)";
        return (kind switch
        {
            0 => $"delete from region where code = {Pick("region", "code")}",
            1 => $"delete from customer where id = {Pick("customer", "id")}",
            2 or 3 => $"delete from \"Order 1\" where customer = {Pick("customer", "id")} and \"no\" = {1 + (n % 2)}",
            4 => $"delete from line where id = {Pick("line", "id")}",
            5 => $"insert into region values (E'new {n % 5}\\t\\\\', null, {n % 9}) on conflict do nothing",
            6 => $"insert into customer (region, name, changed) values ({Pick("region", "code")}, null, 7)",
            7 => $"insert into line (customer, \"no\", amount, changed) select customer, \"no\", {n % 7}, 7 from \"Order 1\" order by 1, 2 limit 1",
            8 => $"update customer set name = 'n{n % 5}', region = {Pick("region", "code")}, changed = {changed} where id = {Pick("customer", "id")}",
            9 => $"update region set title = null, changed = {changed} where code = {Pick("region", "code")}",
            10 => $"update \"Order 1\" set note = '{{\"a\": 1.00}}', c1 = 1.00, changed = {changed} where customer = {Pick("customer", "id")}",
            _ => $"update line set amount = {n % 5}, changed = {changed} where id = {Pick("line", "id")}",
        }) + ";\n";
    }

    /// <summary>By table and key: the row's newness, and all of it.</summary>
    public static async Task<SortedDictionary<string, (int? Changed, string Row)>> ReadAsync(NpgsqlConnection connection)
    {
        var rows = new SortedDictionary<string, (int?, string)>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(
            """
            select 'region ' || code, changed, t::text from region t union all select 'customer ' || id, changed, t::text from customer t
            union all select 'order ' || customer || ' ' || "no", changed, t::text from "Order 1" t union all select 'line ' || id, changed, t::text from line t
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0), (reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.GetString(2)));
        }

        return rows;
    }

    public static SortedDictionary<string, (int? Changed, string Row)> Merge(
        SortedDictionary<string, (int? Changed, string Row)> live, SortedDictionary<string, (int? Changed, string Row)> backup, MergePolicy policy)
    {
        var merged = new SortedDictionary<string, (int?, string)>(live.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (key, row) in backup)
        {
            var wins = policy switch
            {
                _ when !live.ContainsKey(key) => true,
                MergePolicy.Overwrite => true,
                MergePolicy.Newest => (row.Changed ?? int.MinValue) > (live[key].Changed ?? int.MinValue),
                _ => false,
            };
            if (wins)
            {
                merged[key] = row;
            }
        }

        return merged;
    }

    /// <summary>Sequences are behind no row: keys that the server makes are new.</summary>
    public const string InsertAnywhere = """
        drop event trigger alarm; alter table customer disable trigger user; alter table line disable trigger user;
        insert into customer (name) values ('next');
        insert into line (amount) values (1);
        """;

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
