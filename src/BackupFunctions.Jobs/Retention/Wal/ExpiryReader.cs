using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Expiry;
using BackupFunctions.Contracts;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>What former runs stated of one server's log, newest first, back to one that is older than the grace.</summary>
internal sealed class ExpiryReader(WalExpiries expiries, string systemId, int targets, DateTimeOffset graceBegin)
{
    /// <summary>One a day, and some by hand; names can be written by anybody.</summary>
    private const int Most = 1000;

    private readonly List<(KnownExpiry Known, StoredExpiry? Stored)> _read = [];

    public StoredExpiry? Newest => _read.Select(each => each.Stored).FirstOrDefault(stored => stored is not null);

    public DateTimeOffset? NewestAt => _read.Count == 0 ? null : _read[0].Known.At;

    /// <summary>Epochs that any of them names.</summary>
    public IEnumerable<string> Epochs => _read.SelectMany(each => each.Known.Epochs);

    public async Task ReadAsync(ListedWal listed, WalReading into, CancellationToken cancellationToken)
    {
        foreach (var id in WalExpiries.IdsOf(listed))
        {
            BackupIds.TryGetTime(id, out var at);
            if (_read.Count == Most)
            {
                into.Unknowns.Add(new UnknownFact($"Server {systemId} has more than {Most} statements on expired log within the grace: find out who wrote them, and remove those that nobody signed.") { SystemId = systemId });
                break;
            }

            _read.Add(await ReadAsync(id, at, into, cancellationToken));
            if (at <= graceBegin)
            {
                break;
            }
        }

        var known = _read.Select(each => each.Stored?.Sha256).ToHashSet(StringComparer.Ordinal);
        into.Expiries.AddRange(_read.Select(each => each.Known with { IsTorn = each.Stored?.Document.PreviousSha256 is { } previous && !known.Contains(previous) }));
    }

    private async Task<(KnownExpiry Known, StoredExpiry? Stored)> ReadAsync(string id, DateTimeOffset at, WalReading into, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await expiries.ReadAsync(id, cancellationToken);
            return (new KnownExpiry(systemId, at)
            {
                Expired = stored.Expired,
                Deleted = stored.Deleted,
                Epochs = stored.Document.Epochs.ToHashSet(StringComparer.Ordinal),
                IsEverywhere = stored.Targets.Count == targets,
            }, stored);
        }
        catch (StorageException e) when (e.Code is not ErrorCodes.ObjectDamaged)
        {
            into.Unknowns.Add(new UnknownFact(e.Message) { SystemId = systemId });
        }
        catch (PgdrException e)
        {
            into.Problems.Add(WalExpiries.DoubtOf(systemId, id, e));
        }

        return (new KnownExpiry(systemId, at), null);
    }
}
