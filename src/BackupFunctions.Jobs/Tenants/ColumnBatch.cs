using System.Buffers;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Tenants by a column: one snapshot and one dump of the structure for all of them, a connection for each source.</summary>
internal sealed class ColumnBatch(TenantSnapshot snapshot) : ITenantBatch
{
    public async Task<ITenantSource> OpenAsync(CancellationToken cancellationToken) => new Source(snapshot, await snapshot.OpenReaderAsync(cancellationToken));

    public ValueTask DisposeAsync() => snapshot.DisposeAsync();

    private sealed class Source(TenantSnapshot snapshot, TenantReader reader) : ITenantSource
    {
        private const int BufferSize = 64 * 1024;

        public bool IsOpen => reader.IsOpen;

        public async Task<TenantDump> ReadAsync(string tenant, DumpPacker packer, CancellationToken cancellationToken)
        {
            await AddSchemaAsync(packer, cancellationToken);
            var read = await reader.ReadAsync(tenant, packer.Open, cancellationToken);
            var contents = new BackupContents
            {
                Parts = [],
                Tables = read.Tables,
                LargeObjects = new LargeObjectDigest(0, 0, new string('0', 32)),
                Sequences = read.Sequences,
                Database = snapshot.DatabaseProperties,
                Roles = snapshot.Roles,
                Tenant = read.Contents,
            };
            return new TenantDump(contents, read.Facts, snapshot.ServerIdentity, snapshot.TakenAt, read.Rows);
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();

        private async Task AddSchemaAsync(DumpPacker packer, CancellationToken cancellationToken)
        {
            await using var file = File.OpenRead(snapshot.SchemaFile);
            var sink = packer.Open(TenantSnapshot.SchemaFileName);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                int read;
                while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                await sink.CompleteAsync(cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
