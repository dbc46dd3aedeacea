namespace BackupFunctions.Storage.Resume;

/// <summary>
/// A target where uploads that were never finished take space until somebody frees it. Azure Blob is none: the service drops blocks that
/// were never joined after a week ("Put Block" of its REST reference), and has no request to do so earlier.
/// </summary>
public interface IUnfinishedUploads : IStorageTarget
{
    /// <summary>Of keys that begin with the prefix, in no order to rely on; those of a writer at work as well.</summary>
    IAsyncEnumerable<UnfinishedUpload> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Frees it. One that is gone, by completion or by another cleanup, is a success.</summary>
    Task AbortUnfinishedAsync(UnfinishedUpload upload, CancellationToken cancellationToken);
}
