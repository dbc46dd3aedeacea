using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Retention;

/// <summary>Gets a tombstoned backup back, and holds it for a time of its own.</summary>
public sealed class BackupHold
{
    private readonly JobEnvironment _environment;

    public BackupHold(JobEnvironment environment) => _environment = environment;

    /// <returns>The targets whose copies stay.</returns>
    /// <exception cref="PgdrException">backup.unknown: there is no such backup, or its deletion has begun on every target.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(string backupId, DateTimeOffset until, string reason, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var targets = _environment.OpenTargets();
        var catalog = new StorageCatalog(settings.ClusterName, targets, KeyLoader.Verification(settings.Keys));
        var stored = await catalog.FindAsync(backupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {backupId}: 'pgdr backup list' shows what there is.");
        var facts = BackupFacts.Of(stored.Document.Sha256, stored.Targets, await catalog.StatementsAsync(backupId, cancellationToken));
        List<string> left = [.. facts.Copies.Where(copy => !copy.IsGone).Select(copy => copy.Target)];
        if (left.Count == 0)
        {
            throw new PgdrException(
                ErrorCodes.BackupUnknown, $"The data of backup {backupId} was deleted on {facts.DeletedAt:yyyy-MM-dd}: it cannot be brought back; choose another backup.");
        }

        using var signingKey = KeyLoader.Signing(settings.Keys);
        var statements = new RetentionStatements(
            settings.ClusterName, targets, requiredTargets: 1, signingKey, _environment.Time, _environment.Loggers.CreateLogger<FanOutSession>());
        await statements.PutAsync(StatementKind.TombstoneCancelled, backupId, stored.Document.Sha256, [], reason, cancellationToken, until);
        return left;
    }
}
