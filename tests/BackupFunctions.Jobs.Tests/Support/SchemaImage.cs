using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>The schema of a database as pg_dump writes it, in its order, without what tells only who wrote it.</summary>
internal static class SchemaImage
{
    private static readonly string[] Noise = ["\\restrict ", "\\unrestrict ", "-- Dumped from ", "-- Dumped by ", "-- Completed on ", "-- Started on "];

    /// <param name="server">The server.</param>
    /// <param name="binaries">Of a version no older than any server compared.</param>
    /// <param name="database">The database.</param>
    public static async Task<string> TakeAsync(PostgresServer server, string binaries, string database)
    {
        var quoted = database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        var text = await CommandLine.RunAsync(
            "env", $"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(binaries, "pg_dump"), "--schema-only", "--no-subscriptions",
            "--dbname", $"dbname='{quoted}' host=127.0.0.1 port={server.Port} user=postgres");
        return string.Join('\n', text.Split('\n').Where(line => !Noise.Any(noise => line.StartsWith(noise, StringComparison.Ordinal))));
    }
}
