using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Checks;

namespace BackupFunctions.Storage.Local;

/// <summary>What a folder can do beyond the common ground.</summary>
internal sealed class LocalInspection(LocalTarget target, LocalRoot root) : ITargetInspection
{
    public Uri? Endpoint => null;

    public long? FreeBytes => target.FreeSpace;

    /// <summary>A first write would make the empty mount point of a disk that is away look like the target.</summary>
    public TargetFinding? Unready()
    {
        try
        {
            root.EnsureReadable();
            return null;
        }
        catch (StorageException e)
        {
            return new TargetFinding(
                TargetCheckNames.Connect, CheckStatus.Fail, $"{e.Message} If the target is new, the first backup makes it ready.");
        }
    }

    public Task<TargetFinding> ConditionalWriteAsync(string key, byte[] content, CancellationToken cancellationToken) =>
        Found(TargetCheckNames.ConditionalWrite, CheckStatus.Ok, "An object is put in place by a call that never replaces a file.");

    public Task<TargetFinding> VersioningAsync(string key, CancellationToken cancellationToken) =>
        Found(TargetCheckNames.Versioning, CheckStatus.Ok, "A folder keeps no older versions: what is deleted is gone at once.");

    public Task<TargetFinding> LockAsync(CancellationToken cancellationToken) => Found(
        TargetCheckNames.Lock, CheckStatus.Warn, "Files cannot be locked: who owns this machine can erase them; keep another copy where that is not so.");

    private static Task<TargetFinding> Found(string check, CheckStatus status, string detail) =>
        Task.FromResult(new TargetFinding(check, status, detail));
}
