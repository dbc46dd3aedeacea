using System.Globalization;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Brings the state database to the newest schema; several hosts may do so at once.</summary>
internal static class SchemaInstaller
{
    // Any number nobody else locks: "durable" in ASCII, cut to 8 bytes.
    private const long LockKey = 0x64757261626C65;

    /// <exception cref="InvalidOperationException">The schema is newer than this program.</exception>
    public static async Task InstallAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var scripts = Scripts();
        var installed = await InstalledVersionAsync(connection, cancellationToken);
        if (installed > scripts.Count)
        {
            throw new InvalidOperationException(
                $"The state database has schema version {installed}, this program knows up to {scripts.Count}: run a newer version of it.");
        }

        foreach (var (version, script) in scripts.Where(known => known.Key > installed))
        {
            await connection.ExecuteAsync(script, cancellationToken);
            await connection.ExecuteAsync("INSERT INTO durable.versions (version) VALUES ($1)", cancellationToken, version);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> InstalledVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var exists = await connection.ScalarAsync<bool>("SELECT to_regclass('durable.versions') IS NOT NULL", cancellationToken);
        if (exists)
        {
            return await connection.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM durable.versions", cancellationToken);
        }

        await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS durable", cancellationToken);
        return 0;
    }

    private static SortedDictionary<int, string> Scripts()
    {
        var assembly = typeof(SchemaInstaller).Assembly;
        var scripts = new SortedDictionary<int, string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("schema-", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var version = name.AsSpan("schema-".Length, name.Length - "schema-.sql".Length);
            scripts.Add(int.Parse(version, CultureInfo.InvariantCulture), reader.ReadToEnd());
        }

        return scripts;
    }
}
