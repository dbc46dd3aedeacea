using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Remote;

/// <summary>Turns what a store answers, or that it does not, into the codes of storage.</summary>
/// <param name="target">Name of the target.</param>
/// <param name="place">Where it is, for people; free of secrets.</param>
internal abstract class RemoteErrors(string target, string place)
{
    protected string Target => target;

    protected string Place => place;

    /// <summary>Worth another attempt.</summary>
    public abstract bool IsTransient(Exception exception);

    /// <summary>The store knew its answer, and it was no.</summary>
    protected abstract StorageException? Answered(string doing, Exception exception);

    public StorageException Translate(string doing, Exception exception) =>
        exception as StorageException
        ?? Answered(doing, exception)
        ?? Unreachable(doing, Innermost(exception).Message.TrimEnd('.'), exception);

    public StorageException Stalled(string doing, TimeSpan silence, Exception inner) =>
        Unreachable(doing, $"not a byte for {silence.TotalSeconds:0.#} s", inner);

    public StorageException Unreachable(string doing, string cause, Exception? inner = null) => new(
        ErrorCodes.TargetUnreachable, target,
        $"Target {target} is unreachable while {doing} at {place}: {cause}; check the endpoint and the network.", inner);

    /// <summary>An answer that the store may give otherwise later: 429 and 503 are its way to ask for fewer requests.</summary>
    protected StorageException AnsweredUnreachable(string doing, int status, string answer, Exception inner) => status is 429 or 503
        ? new(
            ErrorCodes.TargetUnreachable, target,
            $"Target {target} is unreachable while {doing} at {place}: it answered {answer} again and again, so it is overloaded or limits requests; "
            + "try again later, or raise its limit.", inner)
        : Unreachable(doing, $"it answered {answer}", inner);

    public StorageException Absent(string key, Exception? inner = null) =>
        new(ErrorCodes.ObjectAbsent, target, $"Target {target} does not hold {key}.", inner);

    public StorageException Rewritten(string key) => new(
        ErrorCodes.ObjectDamaged, target,
        $"Target {target} already holds {key} with other content; objects are never rewritten, so one of the two is damaged or foreign.");

    /// <param name="cause">What is locked, and what the lock forbids.</param>
    /// <param name="inner">The refusal.</param>
    public StorageException Locked(string cause, Exception inner) =>
        new(ErrorCodes.ObjectLocked, target, $"Target {target} holds a lock: {cause}.", inner);

    protected StorageException Refused(string cause, Exception inner) =>
        new(ErrorCodes.TargetRefused, target, $"Target {target} refused: {cause}.", inner);

    protected StorageException Full(string doing, string answer, string container, Exception inner) => new(
        ErrorCodes.TargetFull, target,
        $"Target {target} is full: it answered {answer} to {doing} in {container}; raise its quota or free space.", inner);

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
