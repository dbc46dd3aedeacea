using BackupFunctions.Postgres.Configuration;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>All that a configuration consists of: what the server says, and the files that the settings name.</summary>
internal sealed class ConfigurationCollector(ConfigurationBackupSettings settings, PgTools tools, ServerConnection server)
{
    public async Task RunAsync(IConfigurationSink sink, CancellationToken cancellationToken)
    {
        await ServerConfiguration.ReadAsync(
            tools, server, new ServerConfigurationOptions(settings.RolePasswords, settings.FileLimit), sink, cancellationToken);
        await ConfiguredFiles.ReadAsync(settings, sink, cancellationToken);
    }
}
