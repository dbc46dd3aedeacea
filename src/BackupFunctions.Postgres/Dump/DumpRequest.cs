using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Dump;

public sealed record DumpRequest
{
    public required ServerConnection ServerConnection { get; init; }
    public required string Database { get; init; }
    public required PgTools PgTools { get; init; }

    /// <summary>Only these schemas, and the extensions that lie in them, in pg_catalog or in public; empty: all of the database.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Parallel jobs of pg_dump.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>A folder in which a private one is made for the files that pg_dump is writing; stale ones in it are removed.</summary>
    public required string WorkFolder { get; init; }
}
