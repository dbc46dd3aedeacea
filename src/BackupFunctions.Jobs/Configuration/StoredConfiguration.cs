using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>Brings a configuration back into a folder, and beside it the present one of the server. It never applies anything.</summary>
public sealed class StoredConfiguration(JobEnvironment environment, BackupReader reader)
{
    /// <param name="backupId">A backup of kind configuration.</param>
    /// <param name="folder">New or empty.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifest and the number of files.</returns>
    /// <exception cref="PgdrException">backup.unknown, copies.missing, object.damaged, key.cannot-open, settings.invalid.</exception>
    public async Task<(Manifest Manifest, int Files)> ExtractAsync(string backupId, string folder, CancellationToken cancellationToken)
    {
        var stored = await reader.Catalog.FindAsync(backupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {backupId}: 'pgdr backup list' shows what there is.");
        if (stored.Manifest.ConfigurationOf is null)
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, $"Backup {backupId} is of {stored.Manifest.Subject}, not a configuration: 'pgdr backup list' shows which are.");
        }

        var into = new ConfigurationFolder(folder);
        await using var tar = await new StoredObjects(environment, reader).FetchAsync(
            stored, stored.Manifest.Objects.First(item => string.Equals(item.Name, ConfigurationBackupJob.TarObject, StringComparison.Ordinal)), targets: null, cancellationToken);
        return (stored.Manifest, await into.ExtractAsync(tar, cancellationToken));
    }

    /// <summary>What a backup taken now would hold.</summary>
    /// <returns>What could not be read, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> ReadPresentAsync(string serverName, string folder, CancellationToken cancellationToken)
    {
        var server = ServerConnections.Named(environment.Settings, serverName);
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, environment.Settings.PostgresBinaries, cancellationToken);
        var into = new ConfigurationFolder(folder);
        await new ConfigurationCollector(environment.Settings.Configuration, tools, server).RunAsync(into, cancellationToken);
        return into.NotRead;
    }
}
