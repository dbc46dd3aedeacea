namespace BackupFunctions.EmbeddedHost;

/// <summary>The distributed trace that an invocation belongs to (W3C Trace Context).</summary>
public abstract class TraceContext
{
    /// <summary>Empty when there is no trace.</summary>
    public abstract string TraceParent { get; }

    public abstract string TraceState { get; }
}
