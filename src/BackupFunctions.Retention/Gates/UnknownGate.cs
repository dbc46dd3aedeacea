using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

/// <summary>Nothing is tombstoned or deleted while something that may concern it is not known.</summary>
internal sealed class UnknownGate
{
    private readonly string? _everything;
    private readonly Dictionary<string, string> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _servers = new(StringComparer.Ordinal);

    public UnknownGate(IReadOnlyList<UnknownFact> unknowns)
    {
        foreach (var fact in unknowns)
        {
            if (fact.Database is { } database)
            {
                _databases.TryAdd(database, fact.Sentence);
            }

            if (fact.SystemId is { } server)
            {
                _servers.TryAdd(server, fact.Sentence);
            }

            if (fact is { Database: null, SystemId: null })
            {
                _everything ??= fact.Sentence;
            }
        }
    }

    public string? WhyNot(KnownBackup backup, KnownCopy copy) =>
        _everything ?? _databases.GetValueOrDefault(backup.Database) ?? (backup.Wal is { } wal ? WhyNot(wal.SystemId) : null)
        ?? (copy.Health == CopyHealth.Unknown ? "this copy could not be looked at" : null);

    public string? WhyNot(string systemId) => _everything ?? _servers.GetValueOrDefault(systemId);
}
