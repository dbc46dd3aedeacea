using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>What the dumped database needs of a server it is restored onto.</summary>
internal static class RestoreNeedsReader
{
    private const string Extensions = "select extname::text, extversion from pg_extension order by 1";

    private const string Tablespaces = """
        select distinct t.spcname::text from pg_class c join pg_tablespace t on t.oid = c.reltablespace
        where t.spcname <> 'pg_global' order by 1
        """;

    private const string LabelProviders = "select distinct provider from pg_seclabel order by 1";

    public static async Task<RestoreNeeds> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => new()
    {
        Extensions = await connection.QueryAsync(
            Extensions, static row => new InstalledExtension(row.GetString(0), row.GetString(1)), cancellationToken),
        Features = await VersionFeatures.ReadAsync(connection, cancellationToken),
        Tablespaces = await connection.QueryAsync(Tablespaces, static row => row.GetString(0), cancellationToken),
        LabelProviders = await connection.QueryAsync(LabelProviders, static row => row.GetString(0), cancellationToken),
    };
}
