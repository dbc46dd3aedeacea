using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>
/// Gives every target the documents that others have. One that no target has in good order, or that differs between targets although both
/// are signed, is left as it is: it is evidence.
/// </summary>
internal sealed class LogDocumentRepair(string system, IReadOnlyList<IStorageTarget> targets, LogCounts counts)
{
    /// <summary>Bytes; an ECDSA P-256 signature in DER form has 72 at most.</summary>
    private const int LargestSignature = 1024;

    /// <param name="document">Read from every target that can be asked.</param>
    /// <param name="repair">Also write; else only say.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Copies made of it.</returns>
    public async Task<int> RunAsync(LogDocument document, bool repair, CancellationToken cancellationToken)
    {
        var copies = new List<(IStorageTarget Target, byte[]? Json, byte[]? Signature)>();
        foreach (var target in targets)
        {
            try
            {
                copies.Add((
                    target,
                    await SmallObject.ReadAsync(target, document.Key, document.LargestSize, cancellationToken),
                    await SmallObject.ReadAsync(target, document.SignatureKey, LargestSignature, cancellationToken)));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is StorageException or IOException)
            {
                counts.Problem(e.Message);
            }
        }

        var good = copies.Where(copy => IsGood(document, copy.Json, copy.Signature)).ToList();
        if (good.Count == 0 || good.Exists(copy => !copy.Json.AsSpan().SequenceEqual(good[0].Json)))
        {
            counts.Problem(good.Count == 0
                ? $"No target that can be read has {document.Name} of server {system} with a good signature: log that it opens or proves is lost with it; find out who changed it."
                : $"Targets hold different signed documents of {document.Name} of server {system}: one was replaced; find out who had the signing key.");
            return 0;
        }

        var made = 0;
        foreach (var copy in copies.Where(copy => !IsGood(document, copy.Json, copy.Signature)))
        {
            made += await MendAsync(document, copy, good[0].Json!, good[0].Signature!, repair, cancellationToken) ? 1 : 0;
        }

        return made;
    }

    private async Task<bool> MendAsync(
        LogDocument document, (IStorageTarget Target, byte[]? Json, byte[]? Signature) copy, byte[] json, byte[] signature, bool repair, CancellationToken cancellationToken)
    {
        string? whyNot = null;
        var isWrong = (copy.Json is not null && !copy.Json.AsSpan().SequenceEqual(json)) || (copy.Signature is not null && !IsGood(document, json, copy.Signature));
        try
        {
            if (repair)
            {
                await PutAsync(copy.Target, document.SignatureKey, copy.Signature, signature, found => IsGood(document, json, found), cancellationToken);
                await PutAsync(copy.Target, document.Key, copy.Json, json, found => found.AsSpan().SequenceEqual(json), cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is StorageException or IOException)
        {
            whyNot = e.Message;
        }

        if (isWrong)
        {
            counts.Add(new LogFinding(
                system, document.Name, copy.Target.Name, CopyCondition.Damaged, $"{document.Key} on target '{copy.Target.Name}' was altered or damaged: find out who changed it.")
            {
                Repaired = repair && whyNot is null,
                NotRepaired = whyNot,
            });
        }
        else if (whyNot is not null)
        {
            counts.Problem($"{document.Name} was not copied to target '{copy.Target.Name}': {whyNot}");
        }

        return repair && whyNot is null && !isWrong;
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

    private static bool IsGood(LogDocument document, byte[]? json, byte[]? signature)
    {
        try
        {
            if (json is null || signature is null)
            {
                return false;
            }

            document.Check(json, signature);
            return true;
        }
        catch (PgdrException)
        {
            return false;
        }
    }
}
