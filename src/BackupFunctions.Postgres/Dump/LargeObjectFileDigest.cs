using BackupFunctions.Postgres.Digests;

namespace BackupFunctions.Postgres.Dump;

internal sealed class LargeObjectFileDigest(uint oid, LargeObjectTotals totals) : IFileDigest
{
    private readonly LargeObjectHasher _hasher = new(oid);

    public void Append(ReadOnlySpan<byte> bytes) => _hasher.Append(bytes);

    public void Complete()
    {
        _hasher.Complete();
        totals.Add(_hasher);
    }

    public void Dispose() => _hasher.Dispose();
}
