namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>Some results, and where the next ones begin.</summary>
public sealed class Page<T>
    where T : notnull
{
    public Page(IReadOnlyList<T> values, string? continuationToken = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
        ContinuationToken = continuationToken;
    }

    public IReadOnlyList<T> Values { get; }

    /// <summary>Null at the last page.</summary>
    public string? ContinuationToken { get; }
}
