using System.Text;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>
/// The configuration that a restored server starts with, never its own: on a Unix socket only, archiving nothing, replicating from and to
/// nobody. Its own files are left as they are; postgresql.auto.conf, which PostgreSQL reads whatever it is told, is put aside.
/// </summary>
internal static class IsolatedConfiguration
{
    public const string KeptAutoConf = "postgresql.auto.conf.restored";

    private const string AutoConf = "postgresql.auto.conf";

    /// <returns>Arguments for the server program.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        RecoveryRequest request, ControlData control, string restoreCommand, CancellationToken cancellationToken)
    {
        var auto = Path.Combine(request.DataFolder, AutoConf);
        if (File.Exists(auto) && !File.Exists(Path.Combine(request.DataFolder, KeptAutoConf)))
        {
            File.Move(auto, Path.Combine(request.DataFolder, KeptAutoConf));
        }

        var settings = new StringBuilder();
        foreach (var (name, value) in Settings(request, control, restoreCommand))
        {
            settings.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }

        var (config, hba, ident) = (FileOf(request, "recovery.conf"), FileOf(request, "recovery-hba.conf"), FileOf(request, "recovery-ident.conf"));
        await File.WriteAllTextAsync(config, settings.ToString(), cancellationToken);

        // The folder of the socket is private to the server's account and root.
        await File.WriteAllTextAsync(hba, "local all all trust\n", cancellationToken);
        await File.WriteAllTextAsync(ident, string.Empty, cancellationToken);
        await File.WriteAllTextAsync(auto, string.Empty, cancellationToken);
        File.Delete(Path.Combine(request.DataFolder, "recovery.signal"));
        if (!request.IsPromoted)
        {
            await File.WriteAllTextAsync(Path.Combine(request.DataFolder, "standby.signal"), string.Empty, cancellationToken);
        }

        return ["-D", request.DataFolder, "-c", $"config_file={config}", "-c", $"hba_file={hba}", "-c", $"ident_file={ident}"];
    }

    private static IEnumerable<(string Name, string Value)> Settings(RecoveryRequest request, ControlData control, string restoreCommand) =>
    [
        ("listen_addresses", string.Empty),
        ("unix_socket_directories", request.WorkFolder),
        ("port", "5432"),
        ("unix_socket_permissions", "0700"),
        ("archive_mode", "off"),
        ("primary_conninfo", string.Empty),
        ("max_logical_replication_workers", "0"),
        ("hot_standby", "on"),
        ("restore_command", restoreCommand),
        ("recovery_target_timeline", request.Timeline?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "latest"),

        // A standby asks again after this: it shows that it has used up what it was given.
        ("wal_retrieve_retry_interval", "100ms"),
        ("shared_preload_libraries", string.Join(',', request.PreloadLibraries)),
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        ("autovacuum", "off"),
        ("fsync", request.IsTemporary ? "off" : "on"),
        .. control.LeastSettings(),
        .. request.Target.Settings(),
    ];

    private static string FileOf(RecoveryRequest request, string name) => Path.Combine(request.WorkFolder, name);
}
