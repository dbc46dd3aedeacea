using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>What a run gets to see of the world: targets may be away, manifests and statements unreadable.</summary>
internal sealed record Sight(string? Away = null, string? UnreadableBackup = null, string? DatabaseInDoubt = null, string? ServerInDoubt = null)
{
    public bool Everything => this == new Sight();

    public RetentionState Of(World world) => new()
    {
        Backups =
        [
            .. world.Backups.Values.Where(backup => backup.Id != UnreadableBackup)
                .Select(backup => backup with { Copies = [.. backup.Copies.Where(copy => copy.Target != Away)] })
                .Where(backup => backup.Copies.Count > 0),
        ],
        Wal = [.. world.Wal.Values.Select(wal => wal with { Targets = [.. wal.Targets.Where(target => target != Away)] }).Where(wal => wal.Targets.Count > 0)],
        Epochs = [.. world.Epochs.Values],
        Expiries = world.Expiries,
        Timelines = world.KnownTimelines(),
        Leases = world.Leases,
        Unknowns = [.. Unknowns()],
    };

    private IEnumerable<UnknownFact> Unknowns()
    {
        if (Away is not null)
        {
            yield return new UnknownFact($"Target '{Away}' is unreachable.");
        }

        if (UnreadableBackup is not null)
        {
            yield return new UnknownFact($"The manifest of {UnreadableBackup} cannot be read.");
        }

        if (DatabaseInDoubt is not null)
        {
            yield return new UnknownFact("A statement is of an unknown kind.") { Database = DatabaseInDoubt };
        }

        if (ServerInDoubt is not null)
        {
            yield return new UnknownFact("The log could not be listed.") { SystemId = ServerInDoubt };
        }
    }
}
