namespace BackupFunctions.TestSupport.Faults;

/// <summary>What happens to a request that a <see cref="FaultRule"/> matches.</summary>
public abstract record Fault
{
    /// <param name="place">Where in the exchange.</param>
    /// <param name="after">Bytes of that part which still pass; below 0: all of a body but so many.</param>
    public static Fault ResetAt(FaultPlace place, long after = 0) => new BreakFault(place, after, FaultKind.Reset);

    /// <inheritdoc cref="ResetAt"/>
    public static Fault HoldAt(FaultPlace place, long after = 0) => new BreakFault(place, after, FaultKind.Hold);

    /// <inheritdoc cref="ResetAt"/>
    public static Fault TrickleAt(FaultPlace place, long after = 0) => new BreakFault(place, after, FaultKind.Trickle);

    /// <inheritdoc cref="ResetAt"/>
    public static Fault DownAt(FaultPlace place, long after = 0) => new BreakFault(place, after, FaultKind.GoDown);

    /// <summary>The destination does not see the request; the client gets this answer.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">The error's name, as S3 and Azure put it into body and header.</param>
    /// <param name="retryAfterSeconds">Header Retry-After.</param>
    public static Fault Answer(int status, string code, int? retryAfterSeconds = null) => new AnswerFault(status, code, retryAfterSeconds);

    /// <summary>Something happens to the world before the request reaches the destination.</summary>
    public static Fault Before(Func<Task> happens) => new EventFault(happens);
}
