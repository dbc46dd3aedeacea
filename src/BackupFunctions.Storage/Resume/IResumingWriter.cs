namespace BackupFunctions.Storage.Resume;

/// <summary>
/// Takes the whole object, every byte of it, and sends what the target does not have yet. <see cref="IObjectWriter.CompleteAsync"/> throws
/// with code object.damaged, and makes nothing visible, when the bytes were not the expected ones. Disposing without completing leaves
/// nothing visible either, but keeps what was sent for the next attempt: <see cref="IUnfinishedUploads"/> frees it if none comes.
/// </summary>
public interface IResumingWriter : IObjectWriter
{
    /// <summary>Bytes written so far that were there already and were not sent; final when the object is complete.</summary>
    long ReusedBytes { get; }
}
