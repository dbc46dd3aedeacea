using System.Buffers;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Archives log: compress and encrypt to a spool file (an object's name has the hash of its ciphertext), then to all targets at once, then
/// read back. It returns when the required number of targets hold it, verified; not before.
/// </summary>
internal sealed class WalWriter
{
    private const int BlockSize = 256 * 1024;

    private readonly WalWriterSettings _settings;
    private readonly OpenEpoch _epoch;
    private readonly WalTargets _targets;
    private readonly IJobReporter _reporter;
    private readonly ILogger<FanOutSession> _logger;

    public WalWriter(WalWriterSettings settings, OpenEpoch epoch, WalTargets targets, IJobReporter reporter, ILogger<FanOutSession> logger) =>
        (_settings, _epoch, _targets, _reporter, _logger) = (settings, epoch, targets, reporter, logger);

    /// <param name="segment">The segment's name.</param>
    /// <param name="plain">The whole segment, read to its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">copies.missing: fewer than the required targets hold it.</exception>
    public Task<StoredWal> PutSegmentAsync(string segment, Stream plain, CancellationToken cancellationToken) =>
        PutAsync(sha256 => WalObjectName.Segment(segment, Id, sha256), plain, cancellationToken);

    /// <param name="segment">The segment's name.</param>
    /// <param name="end">Behind the last byte of <paramref name="plain"/>, a position.</param>
    /// <param name="plain">The segment's beginning, read to its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">copies.missing.</exception>
    public Task<StoredWal> PutPartialAsync(string segment, ulong end, Stream plain, CancellationToken cancellationToken) =>
        PutAsync(sha256 => WalObjectName.Partial(segment, end, Id, sha256), plain, cancellationToken);

    /// <exception cref="StorageException">copies.missing.</exception>
    public async Task<StoredWal> PutHistoryAsync(int timeline, byte[] content, CancellationToken cancellationToken)
    {
        using var plain = new MemoryStream(content, writable: false);
        return await PutHistoryAsync(timeline, plain, cancellationToken);
    }

    /// <param name="timeline">From 2.</param>
    /// <param name="plain">The history file, read to its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">copies.missing.</exception>
    public Task<StoredWal> PutHistoryAsync(int timeline, Stream plain, CancellationToken cancellationToken) =>
        PutAsync(sha256 => WalObjectName.History(timeline, Id, sha256), plain, cancellationToken);

    /// <param name="file">PostgreSQL's name of a .backup file.</param>
    /// <param name="plain">Read to its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">copies.missing.</exception>
    public Task<StoredWal> PutBackupHistoryAsync(string file, Stream plain, CancellationToken cancellationToken) =>
        PutAsync(sha256 => WalObjectName.BackupHistory(file, Id, sha256), plain, cancellationToken);

    private string Id => _epoch.Document.EpochId;

    private async Task<StoredWal> PutAsync(Func<string, WalObjectName> nameOf, Stream plain, CancellationToken cancellationToken)
    {
        // Its subject does not depend on the hash, which is known only afterwards.
        var subject = nameOf(new string('0', 64)).Subject;
        var spool = Path.Combine(_settings.Folder, $"{subject}.{Guid.NewGuid():N}.tink");
        await using var ciphertext = new FileStream(
            spool, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        var result = await EncryptAsync(subject, plain, ciphertext, cancellationToken);
        var name = nameOf(result.Sha256);
        var key = StorageKeys.WalObject(_settings.Cluster, _epoch.Document.SystemIdentifier, name);
        var session = new FanOutSession(_targets.Usable(), _settings.RequiredCopies, _logger);
        try
        {
            await SendAsync(session, key, ciphertext, cancellationToken);
            return new StoredWal(name, result.Size, result.Sha256, await VerifyAsync(session, key, result, cancellationToken));
        }
        finally
        {
            foreach (var (target, cause) in session.Failures)
            {
                Fail(target, cause);
            }
        }
    }

    private async Task<ArchiveObjectResult> EncryptAsync(string subject, Stream plain, FileStream ciphertext, CancellationToken cancellationToken)
    {
        var aad = ArchiveAad.ForWal(_settings.Cluster, _epoch.Document.SystemIdentifier, subject);
        await using var writer = ArchiveObjectWriter.Create(_epoch.Key, aad, _settings.Compression, ciphertext.WriteAsync);
        await plain.CopyToAsync(writer.AsStream(), BlockSize, cancellationToken);
        return await writer.CompleteAsync(cancellationToken);
    }

    private static async Task SendAsync(FanOutSession session, string key, FileStream ciphertext, CancellationToken cancellationToken)
    {
        ciphertext.Position = 0;
        await using var stored = await session.CreateAsync(key, cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int read;
            while ((read = await ciphertext.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                await stored.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }

            await stored.CompleteAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<IReadOnlyList<string>> VerifyAsync(FanOutSession session, string key, ArchiveObjectResult expected, CancellationToken cancellationToken)
    {
        var problems = await Task.WhenAll(session.Alive.Select(async target => (target.Name, Problem: await FindProblemAsync(target, key, expected, cancellationToken))));
        foreach (var (target, problem) in problems)
        {
            if (problem is null)
            {
                _targets.Succeed(target);
            }
            else
            {
                Fail(target, problem);
            }
        }

        List<string> good = [.. problems.Where(each => each.Problem is null).Select(each => each.Name)];
        return good.Count >= _settings.RequiredCopies
            ? good
            : throw new StorageException(
                ErrorCodes.CopiesMissing, string.Join(", ", problems.Select(each => each.Name)),
                $"Only {good.Count} of {_settings.RequiredCopies} required targets hold {key}: {string.Join(" ", problems.Select(each => each.Problem).OfType<string>())}");
    }

    private static async Task<string?> FindProblemAsync(IStorageTarget target, string key, ArchiveObjectResult expected, CancellationToken cancellationToken)
    {
        try
        {
            var (size, sha256) = await ObjectHash.ReadAsync(target, key, static _ => { }, cancellationToken);
            return size == expected.Size && string.Equals(sha256, expected.Sha256, StringComparison.Ordinal)
                ? null
                : $"Target '{target.Name}' gave other bytes of {key} than it was given: check it.";
        }
        catch (StorageException e)
        {
            return e.Message;
        }
        catch (IOException e)
        {
            return $"Target '{target.Name}' failed while {key} was read back ({e.Message}): check it.";
        }
    }

    private void Fail(string target, string cause)
    {
        if (_targets.Fail(target, cause))
        {
            _reporter.Warn($"Target '{target}' misses write-ahead log from now on until it answers again: {cause}");
        }
    }
}
