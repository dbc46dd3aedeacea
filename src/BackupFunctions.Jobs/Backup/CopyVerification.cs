using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Reads every copy back and compares SHA-256; what held is said in a signed statement beside the backup.</summary>
internal sealed class CopyVerification
{
    private const int Parallelism = 4;
    private const int BlockSize = 256 * 1024;

    private readonly JobEnvironment _environment;
    private readonly FanOutSession _session;
    private readonly IReadOnlyList<IStorageTarget> _targets;

    public CopyVerification(JobEnvironment environment, FanOutSession session, IReadOnlyList<IStorageTarget> targets)
    {
        _environment = environment;
        _session = session;
        _targets = targets;
    }

    public async Task<CopyVerificationResult> RunAsync(
        Manifest manifest, SignedDocument document, SigningKey signingKey, CancellationToken cancellationToken)
    {
        var written = _session.Alive;
        _environment.Reporter.Phase("verify", manifest.StoredSize * written.Count);
        var errors = new ConcurrentDictionary<string, string>(_session.Failures, StringComparer.Ordinal);
        var work = written.SelectMany(target => manifest.Objects.Select(stored => (Target: target, Object: stored)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(work, options, async (item, token) =>
        {
            if (!errors.ContainsKey(item.Target.Name) && await VerifyAsync(manifest, item.Target, item.Object, token) is { } error)
            {
                errors.TryAdd(item.Target.Name, error);
            }
        });

        foreach (var target in written.Where(target => !errors.ContainsKey(target.Name)))
        {
            if (await VerifyManifestAsync(manifest, document, target, cancellationToken) is { } error)
            {
                errors.TryAdd(target.Name, error);
            }
        }

        var copies = _targets
            .Select(target => new CopyResult(
                target.Name,
                Written: written.Contains(target),
                Verified: !errors.ContainsKey(target.Name),
                errors.GetValueOrDefault(target.Name)))
            .ToList();
        var verified = copies.Where(copy => copy.Verified).Select(copy => copy.Target).ToList();
        var complete = written.All(target => verified.Contains(target.Name, StringComparer.Ordinal));
        var reason = complete ? null : string.Join(" ", written.Where(target => errors.ContainsKey(target.Name)).Select(target => errors[target.Name]));
        foreach (var copy in copies.Where(copy => copy.Error is not null))
        {
            _environment.Reporter.Warn($"The copy on target '{copy.Target}' is {(copy.Written ? "not verified" : "missing")}: {copy.Error}");
        }

        if (complete)
        {
            var statement = StatementWriter.Verified(manifest, document, verified, _environment.Time.GetUtcNow(), signingKey);
            await StatementWriter.PutAsync(_session, statement, signingKey, cancellationToken);
        }

        return new CopyVerificationResult(complete, reason, copies);
    }

    /// <summary>Null when the copy is the object.</summary>
    private async Task<string?> VerifyAsync(Manifest manifest, IStorageTarget target, ManifestObject stored, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var stream = await target.OpenReadAsync(
                StorageKeys.Object(manifest.Cluster, manifest.BackupId, stored.Name), offset: 0, cancellationToken);
            long size = 0;
            int read;
            while ((read = await stream.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                hash.AppendData(block, 0, read);
                size += read;
                _environment.Reporter.AddBytes(read);
            }

            return size == stored.Size && string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), stored.Sha256, StringComparison.Ordinal)
                ? null
                : $"{stored.Name} on target '{target.Name}' differs from what was written ({size} of {stored.Size} bytes): check that storage and repair the copy.";
        }
        catch (StorageException e)
        {
            return e.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async Task<string?> VerifyManifestAsync(
        Manifest manifest, SignedDocument document, IStorageTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await target.OpenReadAsync(StorageKeys.Manifest(manifest.Cluster, manifest.BackupId), offset: 0, cancellationToken);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            return string.Equals(hash, document.Sha256, StringComparison.Ordinal)
                ? null
                : $"The manifest on target '{target.Name}' differs from what was written: check that storage.";
        }
        catch (StorageException e)
        {
            return e.Message;
        }
    }
}
