namespace BackupFunctions.Storage.Tests.Faults;

/// <summary>A clock that is wrong by so much.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
