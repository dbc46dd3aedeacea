namespace BackupFunctions.EmbeddedHost.Durable.Replay;

internal interface IEventWaiter
{
    Type EventType { get; }

    bool IsOver { get; }

    void Complete(string? payload);
}
