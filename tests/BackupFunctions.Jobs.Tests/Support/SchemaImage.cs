using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>The schema of a database as pg_dump of its server's version writes it, in its order, without what tells only who wrote it.</summary>
internal static class SchemaImage
{
    private static readonly string[] Noise = ["\\restrict ", "\\unrestrict ", "-- Dumped from ", "-- Dumped by "];

    public static async Task<IReadOnlyList<string>> TakeAsync(PostgresServer server, string database)
    {
        var text = await CommandLine.RunAsync(
            "env", $"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(server.Binaries, "pg_dump"), "--schema-only",
            "--dbname", Connection(server, database));
        return [.. text.Split('\n').Where(line => !Noise.Any(noise => line.StartsWith(noise, StringComparison.Ordinal)))];
    }

    /// <summary>Of the same schema, brought to another server by pg_dump and psql alone; settings that it does not know are ignored, as psql does.</summary>
    public static async Task<IReadOnlyList<string>> OfCopyAsync(PostgresServer source, string database, PostgresServer target, string copy)
    {
        await target.ExecuteAsync($"create database {copy} template template0");
        const string Pipe = """
            "$1" --schema-only --dbname "$2" | "$3" --quiet --no-psqlrc --dbname "$4"
            """;
        await CommandLine.RunAsync(
            "env", $"PGPASSWORD={PostgresServer.SuperuserPassword}", "bash", "-o", "pipefail", "-c", Pipe, "copy",
            Path.Combine(source.Binaries, "pg_dump"), Connection(source, database),
            Path.Combine(source.Binaries, "psql"), Connection(target, copy));
        return await TakeAsync(target, copy);
    }

    private static string Connection(PostgresServer server, string database)
    {
        var quoted = database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        return $"dbname='{quoted}' host=127.0.0.1 port={server.Port} user=postgres";
    }
}
