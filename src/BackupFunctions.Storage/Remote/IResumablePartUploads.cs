namespace BackupFunctions.Storage.Remote;

/// <summary>Requests of a store that knows the parts of uploads that were never joined.</summary>
internal interface IResumablePartUploads : IPartUploads
{
    /// <summary>In place of <see cref="IPartUploads.BeginAsync"/>: goes on with an unfinished upload of this key where one fits, else begins anew.</summary>
    /// <param name="size">Of the whole object, bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is there already; several of one number are possible.</returns>
    Task<IReadOnlyCollection<StoredPart>> TakeUpAsync(long size, CancellationToken cancellationToken);

    /// <summary>The answer says that somebody else joined, changed or freed the parts of this upload.</summary>
    bool IsEnded(StorageException answer);
}
