using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Servers;

/// <summary>What a preflight needs to know of a server.</summary>
/// <param name="Identity">Version and system identifier.</param>
/// <param name="IsSuperuser">The configured user is one: a restore needs that.</param>
/// <param name="Databases">Every database, templates included.</param>
public sealed record ServerFacts(ServerIdentity Identity, bool IsSuperuser, IReadOnlyList<DatabaseFacts> Databases)
{
    /// <summary>The server's major version, 13 and later.</summary>
    public int Major => Identity.VersionNumber / 10000;

    public DatabaseFacts? Find(string database) =>
        Databases.FirstOrDefault(each => string.Equals(each.Name, database, StringComparison.Ordinal));
}
