using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Wal;

/// <summary>Epochs of archived write-ahead log, read from storage; their signatures are checked.</summary>
public sealed class WalEpochs
{
    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _documents;

    public WalEpochs(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
    {
        (_cluster, _targets, _keys) = (cluster, targets, keys);
        _documents = new DocumentReader(targets, away: null);
    }

    /// <exception cref="PgdrException">No good copy: wal.missing when every target says that there is none, else why it cannot be read.</exception>
    public async Task<WalEpoch> ReadAsync(string systemIdentifier, string epoch, CancellationToken cancellationToken)
    {
        var search = await _documents.FindAsync(
            StorageKeys.WalEpoch(_cluster, systemIdentifier, epoch),
            StorageKeys.WalEpochSignature(_cluster, systemIdentifier, epoch),
            WalEpochCodec.LargestSize,
            (json, signature) => WalEpochCodec.Read(json, signature, _keys, _cluster, systemIdentifier, epoch),
            cancellationToken);
        return search.Found switch
        {
            [var found] => found.Value,
            [] => throw search.Failure ?? new PgdrException(
                ErrorCodes.WalMissing, $"No target has epoch {epoch} of server {systemIdentifier}, whose key opens this log: it was removed, or the log is forged."),
            _ => throw new PgdrException(
                ErrorCodes.ManifestAltered, $"Targets hold different signed documents of epoch {epoch}: one was replaced; find out who had the signing key."),
        };
    }

    /// <summary>System identifiers of the servers whose log is stored, from every target that can be asked.</summary>
    /// <exception cref="StorageException">No target can be asked.</exception>
    public async Task<IReadOnlyList<string>> ServersAsync(CancellationToken cancellationToken) =>
        [.. (await FoldersAsync(StorageKeys.Wal(_cluster), cancellationToken)).Where(folder => folder.Length is > 0 and <= 20 && folder.All(char.IsAsciiDigit))];

    /// <summary>Ids of a server's epochs, oldest first, from every target that can be asked.</summary>
    /// <exception cref="StorageException">No target can be asked.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string systemIdentifier, CancellationToken cancellationToken)
    {
        var prefix = StorageKeys.WalEpochs(_cluster, systemIdentifier);
        var keys = await UnionAsync(target => KeysAsync(target, prefix, cancellationToken));
        return [.. keys.Where(key => key.EndsWith(".json", StringComparison.Ordinal)).Select(key => key[prefix.Length..^".json".Length]).Where(BackupIds.IsValid)];
    }

    private static async Task<List<string>> KeysAsync(IStorageTarget target, string prefix, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var stored in target.ListAsync(prefix, cancellationToken))
        {
            keys.Add(stored.Key);
        }

        return keys;
    }

    private Task<IReadOnlyList<string>> FoldersAsync(string prefix, CancellationToken cancellationToken) => UnionAsync(async target =>
    {
        var folders = new List<string>();
        await foreach (var folder in target.ListFoldersAsync(prefix, cancellationToken))
        {
            folders.Add(folder);
        }

        return folders;
    });

    private async Task<IReadOnlyList<string>> UnionAsync(Func<IStorageTarget, Task<List<string>>> read)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        StorageException? failure = null;
        var answered = false;
        foreach (var target in _targets)
        {
            try
            {
                names.UnionWith(await read(target));
                answered = true;
            }
            catch (StorageException e)
            {
                failure = e;
            }
        }

        return answered || failure is null ? [.. names] : throw failure;
    }
}
