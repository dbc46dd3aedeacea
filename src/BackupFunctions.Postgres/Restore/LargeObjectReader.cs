using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Counts and digests all large objects of a database.</summary>
internal static class LargeObjectReader
{
    /// <summary>First blocks of a batch come with one query: 8 MiB at the most.</summary>
    private const int Batch = 32;

    private static readonly string FirstBlocks = $"""
        select oid::bigint, lo_get(oid, 0, {LargeObjectHasher.BlockSize}) from pg_largeobject_metadata
        where oid > $1::bigint::oid order by oid limit {Batch}
        """;

    private static readonly string NextBlock = $"select lo_get($1::bigint::oid, $2, {LargeObjectHasher.BlockSize})";

    public static async Task<LargeObjectDigest> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var totals = new LargeObjectTotals();
        long last = 0;
        while (true)
        {
            var batch = await connection.QueryAsync(
                FirstBlocks, static row => (Oid: row.GetInt64(0), Block: row.GetFieldValue<byte[]>(1)), cancellationToken, last);
            foreach (var (oid, block) in batch)
            {
                await AddAsync(connection, totals, oid, block, cancellationToken);
            }

            if (batch.Count == 0)
            {
                return totals.ToDigest();
            }

            last = batch[^1].Oid;
        }
    }

    private static async Task AddAsync(
        NpgsqlConnection connection, LargeObjectTotals totals, long oid, byte[] block, CancellationToken cancellationToken)
    {
        using var hasher = new LargeObjectHasher((uint)oid);
        hasher.Append(block);
        while (block.Length == LargeObjectHasher.BlockSize)
        {
            block = await connection.SingleAsync<byte[]>(NextBlock, cancellationToken, oid, hasher.Bytes);
            hasher.Append(block);
        }

        hasher.Complete();
        totals.Add(hasher);
    }
}
