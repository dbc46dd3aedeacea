namespace BackupFunctions.EmbeddedHost.Doctor;

internal enum WaitKind
{
    /// <summary>A host that begins the instance, now or at a planned time.</summary>
    Start,

    Activity,

    Timer,

    SubOrchestration,

    ExternalEvent,

    /// <summary>Nothing that is stored: an external event whose name only the app's code knows.</summary>
    Unknown,
}
