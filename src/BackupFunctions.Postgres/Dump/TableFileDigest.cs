using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Digests;

namespace BackupFunctions.Postgres.Dump;

internal sealed class TableFileDigest(Action<(long Rows, string Digest)> completed) : IFileDigest
{
    private readonly CopyTextDigest _digest = new();

    public void Append(ReadOnlySpan<byte> bytes) => _digest.Append(bytes);

    public void Complete()
    {
        if (!_digest.HasEnded)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, "pg_dump left a data file without its end marker; run the backup again.");
        }

        completed((_digest.Rows, _digest.Hex));
    }

    public void Dispose() => _digest.Dispose();
}
