namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

internal enum TurnKind
{
    /// <summary>The orchestrator's code runs.</summary>
    Replay,

    /// <summary>The instance is, or becomes, suspended; its code does not run.</summary>
    Suspend,

    /// <summary>The instance ends; its code does not run.</summary>
    End,
}
