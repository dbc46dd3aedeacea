using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Failover;

/// <summary>Why a target did not serve an object, and what all of them together mean.</summary>
internal sealed record FailedAttempt(string Target, string Code, string Cause, Exception Exception)
{
    public bool IsAbsent => Code is ErrorCodes.ObjectAbsent;

    public static FailedAttempt Of(string target, Exception exception) => exception is PgdrException known
        ? new(target, known.Code, known.Message, exception)
        : new(target, ErrorCodes.TargetUnreachable, $"Target {target} failed: {exception.Message.TrimEnd('.')}.", exception);

    /// <summary>Absent only when every target knows it to be; otherwise the first other cause gives the code.</summary>
    public static StorageException Combine(string key, IReadOnlyCollection<FailedAttempt> attempts)
    {
        if (attempts.Count == 0)
        {
            return new StorageException(
                ErrorCodes.ObjectDamaged, "all", $"No target is left to read {key} from: the copies of all of them did not verify; use another backup.");
        }

        var last = attempts.GroupBy(attempt => attempt.Target, StringComparer.Ordinal).Select(group => group.Last()).ToList();
        var names = string.Join(", ", last.Select(attempt => attempt.Target));
        var failed = last.Find(attempt => !attempt.IsAbsent);
        return failed is null
            ? new StorageException(ErrorCodes.ObjectAbsent, names, $"No target holds {key}: it is absent on {names}.", last[0].Exception)
            : new StorageException(
                failed.Code, names, $"{key} could not be read from any target: {string.Join(" ", last.Select(attempt => attempt.Cause))}",
                failed.Exception);
    }
}
