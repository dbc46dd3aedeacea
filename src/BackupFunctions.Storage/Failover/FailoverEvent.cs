namespace BackupFunctions.Storage.Failover;

/// <param name="From">The target that did not serve.</param>
/// <param name="To">The target that goes on.</param>
/// <param name="Key">The object.</param>
/// <param name="Offset">Bytes of the object read before; the next target goes on there.</param>
/// <param name="Cause">One sentence.</param>
public sealed record FailoverEvent(string From, string To, string Key, long Offset, string Cause)
{
    public override string ToString() => $"Switched from {From} to {To} at byte {Offset} of {Key}: {Cause}";
}
