using BackupFunctions.Catalog.Wal.Expiry;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>What else a deletion of one server's log has to know.</summary>
/// <param name="SystemId">The server.</param>
/// <param name="Newest">The newest statement that can be believed; null: there is none.</param>
/// <param name="NewestAt">The time of the newest, whether it can be believed or not: a later one comes behind it. Null: there is none.</param>
/// <param name="Epochs">Those that could be read, by id.</param>
/// <param name="Leftovers">Epochs that were stated, and of which nothing but the signature is left.</param>
internal sealed record ServerExpiry(
    string SystemId, StoredExpiry? Newest, DateTimeOffset? NewestAt, IReadOnlyDictionary<string, KnownEpoch> Epochs, IReadOnlyList<string> Leftovers);
