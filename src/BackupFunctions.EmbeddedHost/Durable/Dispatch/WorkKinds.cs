namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

[Flags]
internal enum WorkKinds
{
    None = 0,

    /// <summary>An instance has new events or a new due time.</summary>
    Orchestrations = 1,

    /// <summary>An activity waits to be run.</summary>
    Activities = 2,
}
