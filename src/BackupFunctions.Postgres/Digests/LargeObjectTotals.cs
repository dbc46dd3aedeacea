using System.Globalization;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Digests;

/// <summary>The sum over large objects that are hashed side by side.</summary>
internal sealed class LargeObjectTotals
{
    private readonly Lock _lock = new();
    private long _count;
    private long _bytes;
    private UInt128 _sum;

    public void Add(LargeObjectHasher completed)
    {
        lock (_lock)
        {
            _count++;
            _bytes += completed.Bytes;
            _sum += completed.Sum;
        }
    }

    public LargeObjectDigest ToDigest()
    {
        lock (_lock)
        {
            return new LargeObjectDigest(_count, _bytes, _sum.ToString("x32", CultureInfo.InvariantCulture));
        }
    }
}
