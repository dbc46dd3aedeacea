namespace BackupFunctions.TestSupport.Faults;

/// <param name="Place">Where in the exchange.</param>
/// <param name="After">Bytes of that part which still pass; below 0: all of a body but so many.</param>
/// <param name="Kind">What happens then.</param>
public sealed record BreakFault(FaultPlace Place, long After, FaultKind Kind) : Fault
{
    /// <summary>Bytes that pass, where the whole part has so many.</summary>
    internal long PassedOf(long length) => After < 0 ? Math.Max(0, length + After) : After;
}
