namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>How much one run copies at most; the next one goes on. Safe for several at the same time.</summary>
/// <param name="objects">Copies.</param>
/// <param name="bytes">Bytes of ciphertext; the copy that reaches it is the last.</param>
/// <param name="failures">Copies that cannot be made, for whatever reason, before another order is tried.</param>
internal sealed class LogBudget(int objects, long bytes, int failures)
{
    private int _objects;
    private long _bytes;
    private int _failures;

    /// <summary>1024 copies, 8 GiB, 64 failures.</summary>
    public static LogBudget OfOneRun() => new(1024, 8L << 30, 64);

    public bool IsSpent => Volatile.Read(ref _objects) >= objects || Interlocked.Read(ref _bytes) >= bytes;

    /// <summary>So many failed that what comes next in this order may well fail, too.</summary>
    public bool IsStuck => Volatile.Read(ref _failures) >= failures;

    public void Copied(long size)
    {
        Interlocked.Increment(ref _objects);
        Interlocked.Add(ref _bytes, size);
    }

    public void Failed() => Interlocked.Increment(ref _failures);

    /// <summary>Another order begins.</summary>
    public void ForgetFailures() => Volatile.Write(ref _failures, 0);
}
