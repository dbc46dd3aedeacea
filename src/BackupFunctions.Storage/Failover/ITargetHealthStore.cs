namespace BackupFunctions.Storage.Failover;

/// <summary>Which targets failed of late, from one process to the next. A hint, no more: losing it costs a slow first read, and nothing throws.</summary>
public interface ITargetHealthStore
{
    /// <summary>UTC, by the name of the target.</summary>
    IReadOnlyDictionary<string, DateTimeOffset> ReadFailures();

    void Failed(string target, DateTimeOffset at);

    /// <summary>It served an object: nothing is held against it.</summary>
    void Succeeded(string target);
}
