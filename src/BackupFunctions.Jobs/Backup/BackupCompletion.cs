using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>What follows once a backup exists: its link in the chain, locks, and the reading back of every copy.</summary>
internal sealed class BackupCompletion
{
    private readonly JobEnvironment _environment;
    private readonly FanOutSession _session;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly ManifestChain _chain;

    public BackupCompletion(JobEnvironment environment, FanOutSession session, IReadOnlyList<IStorageTarget> targets, ManifestChain chain) =>
        (_environment, _session, _targets, _chain) = (environment, session, targets, chain);

    public async Task<CompletedBackup> RunAsync(Manifest manifest, SignedDocument document, SigningKey signingKey, CancellationToken cancellationToken)
    {
        Note(new ManifestChainLink(manifest.Sequence, document.Sha256));
        var locks = new CopyLocks(_environment, _session.Alive);
        await locks.LockBackupAsync(manifest, cancellationToken);
        var verification = await new CopyVerification(_environment, _session, _targets).RunAsync(manifest, document, signingKey, cancellationToken);
        await locks.LockStatementsAsync(manifest, cancellationToken);
        await _session.SettleAsync();
        return new CompletedBackup(
            verification.Complete ? BackupStatus.Verified : BackupStatus.Completed,
            verification.Reason,
            [.. verification.Copies.Select(copy => locks.Until.TryGetValue(copy.Target, out var until) ? copy with { LockedUntil = until } : copy)]);
    }

    /// <summary>The backup exists by now: a chain that cannot be kept is worth a warning, not its loss.</summary>
    private void Note(ManifestChainLink link)
    {
        try
        {
            _chain.Write(link);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            _environment.Reporter.Warn(JobFolders.Explain(_environment.Settings.RunStorePath, "RUN_STORE_PATH", e).Message);
        }
    }
}
