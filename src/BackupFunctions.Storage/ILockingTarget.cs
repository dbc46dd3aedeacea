namespace BackupFunctions.Storage;

/// <summary>A target that can keep an object from deletion and from being replaced, whoever asks, until a time.</summary>
public interface ILockingTarget : IStorageTarget
{
    /// <summary>What the settings want for every backup; null: no locks.</summary>
    LockPolicy? LockPolicy { get; }

    /// <summary>Locks the present version of an object in the mode of <see cref="LockPolicy"/>. Doing so again succeeds.</summary>
    /// <param name="key">Of an object that exists.</param>
    /// <param name="until">UTC; not before the end of a lock that it already has.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="StorageException">The lock is not set; the sentence names why.</exception>
    Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken);
}
