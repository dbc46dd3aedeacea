namespace BackupFunctions.TestSupport.Faults;

/// <summary>Which requests a fault hits. Counted, never timed, so that a slow machine gets the same faults.</summary>
/// <param name="matches">Of which requests; asked under a lock, in the order in which they arrive.</param>
/// <param name="fault">What happens to them.</param>
public sealed class FaultRule(Func<ProxiedRequest, bool> matches, Fault fault)
{
    private int _seen;
    private int _hits;

    public Fault Fault => fault;

    /// <summary>Matching requests that pass before the first one is hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many are hit; all further ones by default.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Requests that were hit.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Under the proxy's lock.</summary>
    internal bool Hit(ProxiedRequest request)
    {
        if (!matches(request) || _seen++ < Skip || _hits == Times)
        {
            return false;
        }

        Volatile.Write(ref _hits, _hits + 1);
        return true;
    }
}
