namespace BackupFunctions.Storage.Resume;

/// <summary>
/// A target that takes up what an earlier attempt to copy the same object has left. For copies and repairs, whose bytes are known
/// beforehand; a backup's attempts start anew.
/// </summary>
public interface IResumableTarget : IStorageTarget
{
    /// <summary>As <see cref="IStorageTarget.CreateAsync"/>, without sending again what is there and the same.</summary>
    Task<IResumingWriter> ResumeAsync(string key, ExpectedObject expected, CancellationToken cancellationToken);
}
