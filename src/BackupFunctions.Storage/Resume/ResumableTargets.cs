namespace BackupFunctions.Storage.Resume;

/// <summary>The same calls for targets that can resume and those that cannot.</summary>
public static class ResumableTargets
{
    /// <summary>A writer that takes up an earlier attempt where the target can, else a new one.</summary>
    public static async Task<IObjectWriter> CreateOrResumeAsync(
        this IStorageTarget target, string key, ExpectedObject expected, CancellationToken cancellationToken) => target is IResumableTarget resumable
        ? await resumable.ResumeAsync(key, expected, cancellationToken)
        : await target.CreateAsync(key, cancellationToken);

    /// <summary>Frees uploads that nobody has touched since a time; nothing to do where the target frees them itself.</summary>
    /// <param name="target">Any target.</param>
    /// <param name="prefix">Of the keys: the cluster's folder with its slash, since others may share the place.</param>
    /// <param name="before">UTC. A week back is safe: no upload goes on for so long, and a copy taken up again then begins anew.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were freed.</returns>
    /// <exception cref="StorageException">They could not be listed or freed; target.refused names the permission.</exception>
    public static async Task<int> AbortAbandonedAsync(
        this IStorageTarget target, string prefix, DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (target is not IUnfinishedUploads uploads)
        {
            return 0;
        }

        var freed = 0;
        await foreach (var upload in uploads.ListUnfinishedAsync(prefix, cancellationToken))
        {
            if (upload.LastUsed < before)
            {
                await uploads.AbortUnfinishedAsync(upload, cancellationToken);
                freed++;
            }
        }

        return freed;
    }
}
