using System.Runtime.InteropServices;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Wal;

/// <summary>
/// Keys below one server's folder and which targets hold them, listed target by target: of several hundred thousand objects each name is
/// kept once.
/// </summary>
public sealed class ListedWal(string cluster, string systemId)
{
    private const string DocumentEnding = ".json";
    private const string SignatureEnding = ".sig";

    private readonly string _folder = StorageKeys.WalOf(cluster, systemId);
    private readonly string _expiryFolder = StorageKeys.WalExpiries(cluster, systemId);
    private readonly string _epochFolder = StorageKeys.WalEpochs(cluster, systemId);

    /// <summary>By key below the server's folder: timeline, slash, name.</summary>
    public Dictionary<string, Holders> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Inventories and their signatures, by key below the server's folder.</summary>
    public Dictionary<string, Holders> Inventories { get; } = new(StringComparer.Ordinal);

    /// <summary>Targets that hold the epoch's document, by the epoch's id.</summary>
    public Dictionary<string, List<IStorageTarget>> Epochs { get; } = new(StringComparer.Ordinal);

    /// <summary>Targets that hold the signature of an epoch's document, a bit each, by the epoch's id.</summary>
    public Dictionary<string, ulong> EpochSignatures { get; } = new(StringComparer.Ordinal);

    /// <summary>Statements on expired log and their signatures, by key below the server's folder.</summary>
    public Dictionary<string, Holders> Expiries { get; } = new(StringComparer.Ordinal);

    /// <param name="target">Listed whole.</param>
    /// <param name="bit">The target's bit in <see cref="Holders.Targets"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">It could not be listed to the end.</exception>
    public async Task AddAsync(IStorageTarget target, ulong bit, CancellationToken cancellationToken)
    {
        var objects = Objects.GetAlternateLookup<ReadOnlySpan<char>>();
        var inventories = Inventories.GetAlternateLookup<ReadOnlySpan<char>>();
        await foreach (var stored in target.ListAsync(_folder, cancellationToken))
        {
            if (stored.Key.StartsWith(_expiryFolder, StringComparison.Ordinal))
            {
                ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(Expiries, stored.Key[_folder.Length..], out _);
                holders = holders.With(bit, stored.LastModified);
            }
            else if (!stored.Key.StartsWith(_epochFolder, StringComparison.Ordinal))
            {
                var key = stored.Key.AsSpan(_folder.Length);
                var lookup = key[(key.IndexOf('/') + 1)..].StartsWith(WalInventoryName.Prefix, StringComparison.Ordinal) ? inventories : objects;
                ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, key, out _);
                holders = holders.With(bit, stored.LastModified);
            }
            else if (stored.Key.EndsWith(DocumentEnding, StringComparison.Ordinal) && stored.Key[_epochFolder.Length..^DocumentEnding.Length] is var id)
            {
                if (!Epochs.TryGetValue(id, out var own))
                {
                    Epochs[id] = own = [];
                }

                own.Add(target);
            }
            else if (stored.Key.EndsWith(SignatureEnding, StringComparison.Ordinal) && stored.Key[_epochFolder.Length..^SignatureEnding.Length] is var signed)
            {
                EpochSignatures[signed] = EpochSignatures.GetValueOrDefault(signed) | bit;
            }
        }
    }

    /// <param name="Targets">A bit each.</param>
    /// <param name="At">UTC; the latest of the copies. One that was made later, for a target that missed it, is as young as that.</param>
    /// <param name="FirstAt">UTC; the earliest of the copies: what the object holds is older.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Holders(ulong Targets, DateTimeOffset At, DateTimeOffset FirstAt)
    {
        internal Holders With(ulong target, DateTimeOffset at) =>
            new(Targets | target, at > At ? at : At, Targets == 0 || at < FirstAt ? at : FirstAt);
    }
}
