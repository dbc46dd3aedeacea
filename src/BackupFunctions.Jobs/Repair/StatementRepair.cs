using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Repair;

/// <summary>Gives every target the statements that others have. One that no target has in good order is left as it is: it may be evidence.</summary>
internal sealed class StatementRepair
{
    /// <summary>Bytes; an ECDSA P-256 signature in DER form has 72 at most.</summary>
    private const int LargestSignature = 1024;

    private readonly string _cluster;
    private readonly VerificationKeyRing _keys;

    public StatementRepair(string cluster, VerificationKeyRing keys) => (_cluster, _keys) = (cluster, keys);

    /// <param name="backupId">Of which backup.</param>
    /// <param name="targets">Those that can be asked.</param>
    /// <param name="thorough">Also read statements that have the same size everywhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why something could not be mended, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string backupId, IReadOnlyList<IStorageTarget> targets, bool thorough, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        try
        {
            var listings = await Task.WhenAll(targets.Select(target => ListAsync(target, backupId, cancellationToken)));
            var keys = listings.SelectMany(listing => listing.Keys).Where(key => key.EndsWith(".json", StringComparison.Ordinal));
            foreach (var key in keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                var sizes = listings.Select(listing => listing.GetValueOrDefault(key, -1)).Distinct().Count();
                if (thorough || sizes > 1 || listings.Any(listing => !listing.ContainsKey(Path.ChangeExtension(key, ".sig"))))
                {
                    await MendAsync(backupId, key, targets, cancellationToken);
                }
            }
        }
        catch (StorageException e)
        {
            problems.Add($"Statements about backup {backupId} could not be given to every target: {e.Message}");
        }

        return problems;
    }

    private async Task<Dictionary<string, long>> ListAsync(IStorageTarget target, string backupId, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var stored in target.ListAsync(StorageKeys.Statements(_cluster, backupId), cancellationToken))
        {
            sizes[stored.Key] = stored.Size;
        }

        return sizes;
    }

    private async Task MendAsync(string backupId, string key, IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var signatureKey = Path.ChangeExtension(key, ".sig");
        var copies = await Task.WhenAll(targets.Select(async target => (
            Target: target,
            Json: await SmallObject.ReadAsync(target, key, StatementCodec.LargestSize, cancellationToken),
            Signature: await SmallObject.ReadAsync(target, signatureKey, LargestSignature, cancellationToken))));
        var good = copies.Where(copy => copy.Json is not null && copy.Signature is not null && IsGood(copy.Json, copy.Signature, backupId)).ToList();
        if (good.Count == 0 || good.Exists(copy => !copy.Json.AsSpan().SequenceEqual(good[0].Json)))
        {
            return;
        }

        var (_, json, signature) = good[0];
        foreach (var copy in copies)
        {
            await PutAsync(copy.Target, signatureKey, copy.Signature, signature!, found => _keys.FindSigner(json, found) is not null, cancellationToken);
            await PutAsync(copy.Target, key, copy.Json, json!, found => found.AsSpan().SequenceEqual(json), cancellationToken);
        }
    }

    private static async Task PutAsync(
        IStorageTarget target, string key, byte[]? found, byte[] signed, Func<byte[], bool> isGood, CancellationToken cancellationToken)
    {
        if (found is not null && isGood(found))
        {
            return;
        }

        if (found is not null)
        {
            await target.DeleteAsync(key, cancellationToken);
        }

        await SmallObject.PutAsync(target, key, signed, cancellationToken);
    }

    private bool IsGood(byte[] json, byte[] signature, string backupId)
    {
        try
        {
            StatementCodec.Read(json, signature, _keys, backupId);
            return true;
        }
        catch (PgdrException)
        {
            return false;
        }
    }
}
