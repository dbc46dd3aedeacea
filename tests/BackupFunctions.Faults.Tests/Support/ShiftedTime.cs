namespace BackupFunctions.Faults.Tests.Support;

/// <summary>The machine's time and so much more.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
