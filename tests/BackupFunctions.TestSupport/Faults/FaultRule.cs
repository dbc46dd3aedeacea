namespace BackupFunctions.TestSupport.Faults;

/// <summary>Which requests a fault hits. Counted, never timed, so that a slow machine gets the same faults.</summary>
/// <param name="matches">Of which requests.</param>
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

    /// <summary>1: each matching request; 2: every second one.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Requests that were hit.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Not safe for several threads: the proxy asks under its lock.</summary>
    internal bool Hit(ProxiedRequest request)
    {
        if (!matches(request) || _seen++ < Skip || _hits == Times || (_seen - Skip - 1) % Every != 0)
        {
            return false;
        }

        Volatile.Write(ref _hits, _hits + 1);
        return true;
    }
}
