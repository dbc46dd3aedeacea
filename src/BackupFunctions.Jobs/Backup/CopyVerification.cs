using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Reads every copy back and compares SHA-256; what held is said in a signed statement beside the backup.</summary>
internal sealed class CopyVerification
{
    private const int Parallelism = 4;

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
        var errors = new ConcurrentDictionary<string, string>(_session.Failures, StringComparer.Ordinal);
        await ReadBackAsync(manifest, document, written, errors, cancellationToken);
        var copies = _targets
            .Select(target => new CopyResult(
                target.Name, written.Contains(target), !errors.ContainsKey(target.Name), errors.GetValueOrDefault(target.Name)))
            .ToList();
        foreach (var copy in copies.Where(copy => copy.Error is not null))
        {
            _environment.Reporter.Warn($"The copy on target '{copy.Target}' is {(copy.Written ? "not verified" : "missing")}: {copy.Error}");
        }

        var unverified = copies.Where(copy => copy is { Written: true, Verified: false }).ToList();
        var reason = unverified.Count > 0
            ? string.Join(" ", unverified.Select(copy => copy.Error))
            : await TryStateAsync(manifest, document, copies, signingKey, cancellationToken);
        return new CopyVerificationResult(reason is null, reason, copies);
    }

    private async Task ReadBackAsync(
        Manifest manifest,
        SignedDocument document,
        IReadOnlyList<IStorageTarget> written,
        ConcurrentDictionary<string, string> errors,
        CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("verify", manifest.StoredSize * written.Count);
        var expected = manifest.Objects
            .Select(stored => (Key: StorageKeys.Object(manifest.Cluster, manifest.BackupId, stored.Name), stored.Size, stored.Sha256))
            .Append((StorageKeys.Manifest(manifest.Cluster, manifest.BackupId), document.Json.LongLength, document.Sha256));
        var work = written.SelectMany(target => expected.Select(item => (Target: target, Item: item)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(work, options, async (each, token) =>
        {
            var (target, (key, size, sha256)) = each;
            if (!errors.ContainsKey(target.Name) && await FindProblemAsync(target, key, size, sha256, token) is { } problem)
            {
                errors.TryAdd(target.Name, problem);
            }
        });
    }

    /// <summary>Null when the copy is what was written.</summary>
    private async Task<string?> FindProblemAsync(
        IStorageTarget target, string key, long expectedSize, string expectedSha256, CancellationToken cancellationToken)
    {
        try
        {
            var (size, sha256) = await ObjectHash.ReadAsync(target, key, read => _environment.Reporter.AddBytes(read), cancellationToken);
            return size == expectedSize && string.Equals(sha256, expectedSha256, StringComparison.Ordinal)
                ? null
                : $"{key} on target '{target.Name}' differs from what was written ({size} of {expectedSize} bytes): check that storage and back up again.";
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e is PgdrException ? e.Message : $"Target '{target.Name}' failed while {key} was read back: {e.Message}";
        }
    }

    /// <summary>Null when the statement is stored; the backup itself exists whether or not.</summary>
    private async Task<string?> TryStateAsync(
        Manifest manifest, SignedDocument document, IReadOnlyList<CopyResult> copies, SigningKey signingKey, CancellationToken cancellationToken)
    {
        try
        {
            var verified = copies.Where(copy => copy.Verified).Select(copy => copy.Target).ToList();
            var statement = StatementWriter.Verified(manifest, document, verified, _environment.Time.GetUtcNow(), signingKey);
            await StatementWriter.PutAsync(_session, statement, signingKey, cancellationToken);
            return null;
        }
        catch (StorageException e)
        {
            return $"Every copy was read back and matched, but that could not be stored: {e.Message}";
        }
    }
}
