using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Which tenants a job is about: those that it was asked for, or all that the settings list.</summary>
internal sealed class TenantNames(ServerConnection server, string database, TenantSettings settings)
{
    /// <exception cref="PgdrException">tenant.unknown: one has no name; settings.invalid: there is no way to list them.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(IReadOnlyList<string>? asked, CancellationToken cancellationToken)
    {
        if (asked is null)
        {
            return await ListAsync(cancellationToken)
                ?? throw new PgdrException(
                    ErrorCodes.InvalidSettings, $"All tenants of database '{database}' cannot be listed: set Root or List of its Tenants, or name tenants.");
        }

        return asked.Count == 0 || asked.Any(string.IsNullOrWhiteSpace)
            ? throw new PgdrException(ErrorCodes.TenantUnknown, "A tenant without a name cannot be backed up: name tenants, or ask for all of them.")
            : [.. asked.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Those of the names that the list of the settings does not have; a row of the root table tells by itself.</summary>
    public async Task<IReadOnlyList<TenantFailure>> UnknownAsync(IReadOnlyList<string>? asked, CancellationToken cancellationToken)
    {
        if (asked is null || settings.Root is not null || !settings.CanList)
        {
            return [];
        }

        var known = (await ListAsync(cancellationToken))!.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. asked.Distinct(StringComparer.Ordinal).Where(tenant => !known.Contains(tenant)).Select(tenant => new TenantFailure(
                tenant, ErrorCodes.TenantUnknown, $"Tenant '{tenant}' of database '{database}' is not known: it is not in the list that the settings ask for; correct the name.")),
        ];
    }

    private async Task<IReadOnlyList<string>?> ListAsync(CancellationToken cancellationToken) => settings is { Mode: TenantMode.Schema, Pattern: { } pattern }
        ? await TenantSchemas.ListAsync(server, database, pattern, settings.Shared, cancellationToken)
        : await TenantList.ReadAsync(server, database, TenantRulesFactory.Of(settings), cancellationToken);
}
