namespace BackupFunctions.Storage.Remote;

/// <summary>What a writer asks its own target.</summary>
internal interface IRemoteTarget : IStorageTarget
{
    /// <summary>As <see cref="IStorageTarget.FindAsync"/> with the patience of a write: no other target can take its place.</summary>
    Task<StoredObject?> FindForWriteAsync(string key, CancellationToken cancellationToken);
}
