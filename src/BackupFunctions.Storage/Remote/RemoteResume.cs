using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Storage.Remote;

/// <summary>Opens the writer of a copy that goes on where an earlier one ended.</summary>
internal static class RemoteResume
{
    public static async Task<IResumingWriter> OpenAsync(
        IRemoteTarget target, RemoteConnection connection, IResumablePartUploads uploads, string key, ExpectedObject expected, CancellationToken cancellationToken)
    {
        if (await target.FindForWriteAsync(key, cancellationToken) is { } existing)
        {
            var comparing = new ComparingObjectWriter(target, existing, await target.OpenReadAsync(key, 0, cancellationToken));
            return new ExpectedBytesWriter(target.Name, key, expected, comparing, () => comparing.ComparedBytes);
        }

        var parts = new ResumedPartUploads(uploads, expected.Size);
        return new ExpectedBytesWriter(
            target.Name, key, expected, new RemoteObjectWriter(target, connection, parts, key), () => parts.ReusedBytes);
    }
}
