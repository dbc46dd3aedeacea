namespace BackupFunctions.Storage.Remote;

/// <summary>The requests that carry one object's bytes to a store.</summary>
internal interface IPartUploads
{
    /// <summary>A whole small object. False: the store holds one of that key and was told not to replace it.</summary>
    Task<bool> PutAsync(PartBuffer content, byte[] md5, CancellationToken cancellationToken);

    /// <summary>Before the first part.</summary>
    Task BeginAsync(CancellationToken cancellationToken);

    /// <returns>What the store calls the part.</returns>
    Task<string> PutPartAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellationToken);

    /// <summary>Joins the parts. False: the store holds an object of that key and was told not to replace it.</summary>
    Task<bool> CompleteAsync(IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken);

    /// <summary>Frees parts that will not be joined, where the store does not do so by itself.</summary>
    Task AbortAsync(CancellationToken cancellationToken);
}
