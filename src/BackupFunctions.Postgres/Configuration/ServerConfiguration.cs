using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Configuration;

/// <summary>
/// How a server is set up, as text to read and compare: settings with their sources, configuration files, roles and grants, databases with
/// their extensions. What the role may not read is named, never left out silently.
/// </summary>
public static class ServerConfiguration
{
    /// <param name="tools">For pg_dumpall.</param>
    /// <param name="server">The server.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="sink">Takes all of it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">server.*, tool.failed: nothing could be read at all, or roles could not.</exception>
    public static async Task ReadAsync(
        PgTools tools, ServerConnection server, ServerConfigurationOptions options, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        await using (var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken))
        {
            await SettingsText.ReadAsync(connection, server, sink, cancellationToken);
            await ConfigurationFiles.ReadAsync(connection, server, options.FileLimit, sink, cancellationToken);
            await DatabasesText.ReadAsync(connection, server, sink, cancellationToken);
        }

        var globals = new MemorySink(options.GlobalsLimit);
        var outcome = await GlobalsDump.RunAsync(tools, server, globals, options.RolePasswords, cancellationToken);
        foreach (var warning in outcome.Warnings)
        {
            sink.Missing(warning);
        }

        await sink.AddAsync("roles/globals.sql", globals.Content, cancellationToken);
    }
}
