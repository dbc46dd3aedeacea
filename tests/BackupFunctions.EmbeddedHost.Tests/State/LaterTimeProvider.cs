namespace BackupFunctions.EmbeddedHost.Tests.State;

/// <summary>A clock that starts at a date and goes as fast as any.</summary>
internal sealed class LaterTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly long _begun = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_begun);
}
