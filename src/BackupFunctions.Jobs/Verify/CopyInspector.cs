using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Repair;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Reads copies whole and compares them with the signed manifest. Changes nothing.</summary>
internal sealed class CopyInspector
{
    private const int Parallelism = 4;

    /// <summary>Bytes; an ECDSA P-256 signature in DER form has 72 at most.</summary>
    private const int LargestSignature = 1024;

    private readonly VerificationKeyRing _keys;
    private readonly IJobReporter _reporter;
    private long _bytesRead;

    public CopyInspector(VerificationKeyRing keys, IJobReporter reporter) => (_keys, _reporter) = (keys, reporter);

    /// <summary>Bytes of ciphertext so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <param name="stored">The manifest that its signature proves.</param>
    /// <param name="targets">Those to look at.</param>
    /// <param name="away">Targets that did not answer just now: they are not asked again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<CopyState>> RunAsync(
        StoredManifest stored, IReadOnlyList<IStorageTarget> targets, IReadOnlyDictionary<string, StorageException> away, CancellationToken cancellationToken)
    {
        var unreachable = new ConcurrentDictionary<string, string>(
            away.Select(target => KeyValuePair.Create(target.Key, target.Value.Message)), StringComparer.Ordinal);
        List<Func<IStorageTarget, CancellationToken, Task<ObjectState>>> checks =
        [
            .. stored.Manifest.Objects.Select<ManifestObject, Func<IStorageTarget, CancellationToken, Task<ObjectState>>>(
                item => (target, token) => InspectAsync(target, stored.Manifest, item, token)),
            (target, token) => InspectSignatureAsync(target, stored, token),
            (target, token) => InspectManifestAsync(target, stored, token),
        ];
        var found = targets.ToDictionary(target => target.Name, _ => new ObjectState[checks.Count], StringComparer.Ordinal);
        var work = targets.SelectMany(target => checks.Select((check, index) => (Target: target, Check: check, Index: index)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(work, options, async (item, token) =>
        {
            var state = unreachable.TryGetValue(item.Target.Name, out var cause)
                ? new ObjectState(string.Empty, ObjectCondition.Unknown, cause)
                : await item.Check(item.Target, token);
            if (state.Condition == ObjectCondition.Unknown)
            {
                unreachable.TryAdd(item.Target.Name, state.Detail!);
            }

            found[item.Target.Name][item.Index] = state with { Key = KeyOf(stored.Manifest, item.Index) };
        });
        return [.. targets.Select(target => new CopyState(target, found[target.Name]))];
    }

    /// <summary>A difference counts when it is found twice: what a bad cable made of the bytes is no damage of the copy.</summary>
    public async Task<ObjectState> InspectAsync(IStorageTarget target, Manifest manifest, ManifestObject item, CancellationToken cancellationToken)
    {
        var key = StorageKeys.Object(manifest.Cluster, manifest.BackupId, item.Name);
        return await AskAsync(target, key, async () =>
        {
            long size = 0;
            for (var reading = 1; reading <= 2; reading++)
            {
                (size, var sha256) = await ObjectHash.ReadAsync(target, key, Count, cancellationToken);
                if (IsSigned(item, size, sha256))
                {
                    return new ObjectState(key, ObjectCondition.Good);
                }
            }

            var how = size == item.Size ? "its SHA-256 differs" : $"{size} of {item.Size} bytes";
            return new ObjectState(key, ObjectCondition.Wrong, $"{key} on target '{target.Name}' is not what was signed: {how}.");
        }, cancellationToken);
    }

    /// <summary>Whether a source of the object can be read and has the signed bytes.</summary>
    public async Task<bool> IsGoodAsync(ObjectSource source, string key, ManifestObject item, CancellationToken cancellationToken)
    {
        var state = await AskAsync(source.Target, key, async () =>
        {
            var (size, sha256) = await ObjectHash.ReadAsync(source.OpenAsync(key, cancellationToken), Count, cancellationToken);
            return new ObjectState(key, IsSigned(item, size, sha256) ? ObjectCondition.Good : ObjectCondition.Wrong);
        }, cancellationToken);
        return state.Condition == ObjectCondition.Good;
    }

    public static Task<ObjectState> InspectManifestAsync(IStorageTarget target, StoredManifest stored, CancellationToken cancellationToken) => InspectAsync(
        target,
        StorageKeys.Manifest(stored.Manifest.Cluster, stored.Manifest.BackupId),
        ManifestCodec.LargestSize,
        json => json.AsSpan().SequenceEqual(stored.Document.Json),
        cancellationToken);

    /// <summary>Another signature of a pinned key over the same bytes is as good.</summary>
    public Task<ObjectState> InspectSignatureAsync(IStorageTarget target, StoredManifest stored, CancellationToken cancellationToken) => InspectAsync(
        target,
        StorageKeys.ManifestSignature(stored.Manifest.Cluster, stored.Manifest.BackupId),
        LargestSignature,
        signature => _keys.FindSigner(stored.Document.Json, signature) is not null,
        cancellationToken);

    private static bool IsSigned(ManifestObject item, long size, string sha256) =>
        size == item.Size && string.Equals(sha256, item.Sha256, StringComparison.Ordinal);

    private static string KeyOf(Manifest manifest, int index) =>
        index < manifest.Objects.Count ? StorageKeys.Object(manifest.Cluster, manifest.BackupId, manifest.Objects[index].Name)
        : index == manifest.Objects.Count ? StorageKeys.ManifestSignature(manifest.Cluster, manifest.BackupId)
        : StorageKeys.Manifest(manifest.Cluster, manifest.BackupId);

    private static Task<ObjectState> InspectAsync(
        IStorageTarget target, string key, int limit, Func<byte[], bool> isGood, CancellationToken cancellationToken) => AskAsync(target, key, async () =>
    {
        for (var reading = 1; reading <= 2; reading++)
        {
            if (await SmallObject.ReadAsync(target, key, limit, cancellationToken) is not { } bytes)
            {
                return Absent(target, key);
            }

            if (isGood(bytes))
            {
                return new ObjectState(key, ObjectCondition.Good);
            }
        }

        return new ObjectState(key, ObjectCondition.Wrong, $"{key} on target '{target.Name}' was altered or damaged: find out who changed it.");
    }, cancellationToken);

    private static async Task<ObjectState> AskAsync(IStorageTarget target, string key, Func<Task<ObjectState>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (StorageException e) when (string.Equals(e.Code, ErrorCodes.ObjectAbsent, StringComparison.Ordinal))
        {
            return Absent(target, key);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new ObjectState(key, ObjectCondition.Unknown, e is PgdrException ? e.Message : $"Target '{target.Name}' failed while {key} was read: {e.Message}");
        }
    }

    private static ObjectState Absent(IStorageTarget target, string key) => new(key, ObjectCondition.Absent, $"{key} is not on target '{target.Name}' any more.");

    private void Count(int bytes)
    {
        Interlocked.Add(ref _bytesRead, bytes);
        _reporter.AddBytes(bytes);
    }
}
