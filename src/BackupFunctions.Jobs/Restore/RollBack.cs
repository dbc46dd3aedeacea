using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Undoes the last step of a restore: the database that was kept takes its name back.</summary>
public sealed class RollBack
{
    private readonly JobEnvironment _environment;
    private readonly string _database;
    private readonly ServerConnection _server;

    /// <param name="environment">Settings and time.</param>
    /// <param name="database">The live name.</param>
    /// <param name="server">A server of the settings; null for the database's own.</param>
    /// <exception cref="PgdrException">Neither is in the settings.</exception>
    public RollBack(JobEnvironment environment, string database, string? server)
    {
        (_environment, _database) = (environment, database);
        _server = server is null
            ? ServerConnections.OfDatabase(environment.Settings, database)
            : ServerConnections.Named(environment.Settings, server);
    }

    /// <summary>What there is to go back to.</summary>
    public Task<IReadOnlyList<KeptDatabase>> ListAsync(CancellationToken cancellationToken) =>
        KeptDatabases.ListAsync(_server, _database, cancellationToken);

    /// <param name="keptName">The database to go back to; null when there is only one.</param>
    /// <param name="cancellationToken">Before the renames nothing but sessions is lost.</param>
    /// <exception cref="PgdrException">database.unknown: there is none, or none of that name, or several and none was named.</exception>
    public async Task<(KeptDatabase From, SwapOutcome Outcome)> RunAsync(string? keptName, CancellationToken cancellationToken)
    {
        var kept = Choose(await ListAsync(cancellationToken), keptName);
        var id = $"{_environment.Time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
        return (kept, await DatabaseSwap.RollBackAsync(_server, id, kept, cancellationToken));
    }

    private KeptDatabase Choose(IReadOnlyList<KeptDatabase> all, string? name)
    {
        var names = string.Join(", ", all.Select(kept => kept.Name));
        return (all, name) switch
        {
            ([], _) => throw new PgdrException(
                ErrorCodes.DatabaseUnknown, $"Server '{_server.Name}' keeps no former '{_database}': there is nothing to roll back to."),
            ([var only], null) => only,
            (_, null) => throw new PgdrException(
                ErrorCodes.DatabaseUnknown, $"Server '{_server.Name}' keeps several former '{_database}' ({names}): say which with --kept."),
            _ => all.FirstOrDefault(kept => string.Equals(kept.Name, name, StringComparison.Ordinal)) ?? throw new PgdrException(
                ErrorCodes.DatabaseUnknown, $"Server '{_server.Name}' keeps no former '{_database}' as '{name}'; there is {names}."),
        };
    }
}
