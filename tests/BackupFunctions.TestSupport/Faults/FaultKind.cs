namespace BackupFunctions.TestSupport.Faults;

/// <summary>What happens at the byte of a <see cref="BreakFault"/>.</summary>
public enum FaultKind
{
    /// <summary>Both ends of this connection get a reset.</summary>
    Reset,

    /// <summary>The connection stays open, nothing moves any more.</summary>
    Hold,

    /// <summary>What is left of the part arrives byte by byte.</summary>
    Trickle,

    /// <summary>All connections are reset, further ones refused: the store is down.</summary>
    GoDown,
}
