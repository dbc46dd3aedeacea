using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>The databases of the tests, and their digests as PostgreSQL computes them without the code under test.</summary>
internal static class SampleData
{
    /// <summary>One table large enough for an object of its own, small ones that share one, a sequence, a large object.</summary>
    public const string Shop = "shop";

    /// <summary>One object of some 6 MiB: two parts of an upload.</summary>
    public const string Scans = "scans";

    public static async Task LoadAsync(PostgresServer server)
    {
        await server.ExecuteAsync($"create database {Shop}");
        await server.ExecuteAsync(
            """
            create table lines as select i, md5(i::text) a, md5((-i)::text) b from generate_series(1, 16000) i;
            create table customers (id int primary key, note text);
            insert into customers select i, 'row-canary-' || i from generate_series(1, 100) i;
            create table orders as select i, i % 100 + 1 customer, now() at from generate_series(1, 500) i;
            create sequence numbers; select setval('numbers', 41);
            select lo_from_bytea(4711, 'large object');
            """,
            Shop);
        await server.ExecuteAsync($"create database {Scans}");
        var columns = string.Join(", ", Enumerable.Range(0, 8).Select(n => $"md5(i::text || '{n}') c{n}"));
        await server.ExecuteAsync($"create table pages as select i, {columns} from generate_series(1, 46000) i", Scans);
    }

    /// <summary>MD5 over all rows, in order, of all tables.</summary>
    public static async Task<string> DigestAsync(PostgresServer server, string database)
    {
        var tables = await server.ScalarAsync<string[]>(
            "select array_agg(relname::text order by relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace", database);
        var digests = tables!.Select(table => $"select '{table}' t, md5(string_agg(r::text, '|' order by r::text)) d, count(*) n from {table} r");
        return (await server.ScalarAsync<string>(
            $"select string_agg(concat_ws(' ', t, d, n), e'\\n' order by t) from ({string.Join(" union all ", digests)}) each", database))!;
    }
}
