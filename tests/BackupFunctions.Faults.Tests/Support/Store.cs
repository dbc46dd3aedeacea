namespace BackupFunctions.Faults.Tests.Support;

/// <summary>A target's objects, seen and changed without the code under test and without its proxy.</summary>
internal abstract class Store
{
    public abstract Task<byte[]> GetAsync(string key);

    public abstract Task PutAsync(string key, byte[] bytes);

    public abstract Task DeleteAsync(string key);

    /// <summary>Keys of objects; unfinished uploads are none.</summary>
    public abstract Task<IReadOnlyList<string>> ListAsync();

    /// <summary>Bucket, container or folder go, with all that is in them.</summary>
    public abstract Task DestroyAsync();
}
