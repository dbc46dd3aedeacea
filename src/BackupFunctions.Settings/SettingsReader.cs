using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>Turns configuration into <see cref="BackupSettings"/>; what is wrong is said in one sentence that names the setting.</summary>
public static partial class SettingsReader
{
    /// <summary>Set by a host with a PostgreSQL server of its own, for its app and its jobs: a catalog's connection string without secrets.</summary>
    public const string HostCatalog = "HOST_CATALOG";

    /// <summary>Seconds; another target serves the read.</summary>
    private const int PatienceWithAnother = 3;
    private const int PatienceWithoutAnother = 10;

    public static BackupSettings Read(IConfiguration configuration)
    {
        var servers = ServerSettingsReader.Read(configuration);
        var dataFolder = configuration["DATA_FOLDER"] is { Length: > 0 } given ? given : DefaultDataFolder();
        var cluster = Text(configuration, "CLUSTER_NAME") ?? "main";
        if (!ClusterNames().IsMatch(cluster))
        {
            throw Invalid("CLUSTER_NAME", "use 1 to 40 of a-z, 0-9 and '-'");
        }

        var targets = TargetSettingsReader.Read(configuration);
        var requiredCopies = Number(configuration, "BACKUP_REQUIRED_COPIES", Math.Min(2, Math.Max(1, targets.Count)), 1, 10);
        if (targets.Count > 0 && requiredCopies > targets.Count)
        {
            throw Invalid("BACKUP_REQUIRED_COPIES", $"it asks for {requiredCopies} copies but {targets.Count} targets are configured");
        }

        var compression = OneOf(configuration, "BACKUP_COMPRESSION", "zstd", "gzip");
        return new BackupSettings
        {
            ClusterName = cluster,
            Servers = servers,
            Databases = ServerSettingsReader.ReadDatabases(configuration, servers),
            Targets = targets,
            ReadPatience = TimeSpan.FromSeconds(
                Number(configuration, "STORAGE_READ_PATIENCE", targets.Count > 1 ? PatienceWithAnother : PatienceWithoutAnother, 1, 600)),
            ReadHedgeDelay = Seconds(configuration, "READ_HEDGE_DELAY", BackupSettings.DefaultReadHedgeDelay, 600),
            SlowTargetAllowance = Seconds(configuration, "SLOW_TARGET_ALLOWANCE", BackupSettings.DefaultSlowTargetAllowance, 86_400),
            RequiredCopies = requiredCopies,
            Compression = compression,
            CompressionLevel = ReadLevel(configuration, compression),
            DumpJobs = Number(configuration, "BACKUP_DUMP_JOBS", 4, 1, 64),
            RestoreJobs = Number(configuration, "RESTORE_JOBS", 4, 1, 64),
            TenantJobs = Number(configuration, "TENANT_JOBS", BackupSettings.DefaultTenantJobs, 1, 64),
            IncrementalLimit = Number(configuration, "INCREMENTAL_BACKUP_LIMIT", BackupSettings.DefaultIncrementalLimit, 1, 100),
            JobLimit = Number(configuration, "JOB_LIMIT", BackupSettings.DefaultJobLimit, 1, 100),
            RunStorePath = Path.GetFullPath(Text(configuration, "RUN_STORE_PATH") ?? Path.Combine(dataFolder, "runs")),
            WorkPath = Path.GetFullPath(Text(configuration, "WORK_PATH") ?? Path.Combine(dataFolder, "work")),
            PostgresBinaries = Text(configuration, "POSTGRES_CLIENT_BIN") ?? Text(configuration, "POSTGRES_BIN"),
            Keys = ReadKeys(configuration),
            CatalogConnection = Secret(configuration, "CATALOG_CONNECTION", "_PATH") ?? Secret(configuration, HostCatalog, "_PATH"),
            Recovery = ReadRecovery(configuration),
            NotifyHooks = NotifyHooksReader.Read(configuration),
            Retention = RetentionSettingsReader.Read(configuration, targets),
            Wal = WalSettingsReader.Read(configuration),
            Configuration = ConfigurationBackupSettingsReader.Read(configuration),
        };
    }

    /// <summary>Where state, runs and scratch files live unless settings say otherwise.</summary>
    public static string DefaultDataFolder() => Environment.IsPrivilegedProcess
        ? "/var/lib/backupfunctions"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".backupfunctions");

    internal static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value : null;

    /// <summary>The setting as the person wrote it, also inside of a section.</summary>
    internal static PgdrException Invalid(IConfiguration configuration, string name, string why) => Invalid(FullName(configuration, name), why);

    internal static PgdrException Invalid(string setting, string why) =>
        new(ErrorCodes.InvalidSettings, $"Setting {setting} is not usable: {why}.");

    internal static Uri? Url(IConfiguration configuration, string name) =>
        Text(configuration, name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw Invalid(configuration, name, "give a URL that begins with http:// or https://");

    /// <summary>A secret by its file (NAME_PATH) or by its value (NAME).</summary>
    internal static SecretSource? Secret(IConfiguration configuration, string name, string fileSuffix) =>
        Text(configuration, name + fileSuffix) is { } path ? SecretSource.FromFile(path)
        : Text(configuration, name) is { } value ? SecretSource.FromSetting(FullName(configuration, name), value)
        : null;

    internal static int Number(IConfiguration configuration, string name, int otherwise, int least, int most)
    {
        if (Text(configuration, name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid(configuration, name, $"give a whole number from {least} to {most}");
    }

    /// <summary>From 1 on.</summary>
    private static TimeSpan Seconds(IConfiguration configuration, string name, TimeSpan otherwise, int most) =>
        TimeSpan.FromSeconds(Number(configuration, name, (int)otherwise.TotalSeconds, 1, most));

    private static string FullName(IConfiguration configuration, string name) =>
        configuration is IConfigurationSection section ? $"{section.Path}:{name}" : name;

    private static string OneOf(IConfiguration configuration, string name, params string[] choices)
    {
        var text = Text(configuration, name) ?? choices[0];
        return choices.Contains(text, StringComparer.Ordinal) ? text : throw Invalid(name, $"choose one of {string.Join(", ", choices)}");
    }

    /// <summary>Levels above zstd's 19 need more memory than a job may take.</summary>
    private static int? ReadLevel(IConfiguration configuration, string compression)
    {
        const string Name = "BACKUP_COMPRESSION_LEVEL";
        if (Text(configuration, Name) is not { } text)
        {
            return null;
        }

        var highest = compression == "zstd" ? 19 : 9;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level >= 1 && level <= highest
            ? level
            : throw Invalid(Name, $"{compression} takes a whole number from 1 to {highest}");
    }

    private static KeySettings ReadKeys(IConfiguration configuration) => new()
    {
        Recipients = Pems(configuration, "BACKUP_PUBLIC_KEY"),
        SigningKey = Secret(configuration, "BACKUP_SIGNING_KEY", "_PATH"),
        VerificationKeys = Pems(configuration, "BACKUP_VERIFY_KEY"),
        PrivateKeys = Pems(configuration, "BACKUP_PRIVATE_KEY"),
        PrivateKeyPassphrase = Secret(configuration, "BACKUP_PRIVATE_KEY_PASSPHRASE", "_PATH"),
    };

    /// <summary>NAME_PATHS lists files, separated by semicolons; NAMES holds PEM blocks, one after another.</summary>
    private static IReadOnlyList<SecretSource> Pems(IConfiguration configuration, string name)
    {
        if (Text(configuration, name + "_PATHS") is { } paths)
        {
            return [.. paths.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(SecretSource.FromFile)];
        }

        if (Text(configuration, name + "S") is not { } text)
        {
            return [];
        }

        // A block that is left out silently is a recipient who cannot open the backups.
        var blocks = PemBlocks().Matches(text);
        return blocks.Count > 0 && blocks.Count == PemBegins().Count(text)
            ? [.. blocks.Select((block, index) => SecretSource.FromSetting($"{name}S[{index}]", block.Value))]
            : throw Invalid(name + "S", "give whole PEM blocks (PKCS#8 or SubjectPublicKeyInfo), one after another");
    }

    private static RecoverySettings ReadRecovery(IConfiguration configuration) => new()
    {
        Restart = ReadAction(configuration, "RESTART"),
        Reroute = ReadAction(configuration, "REROUTE"),
        HealthCheckUrl = Url(configuration, "HEALTH_CHECK_URL"),
        PublicHealthCheckUrl = Url(configuration, "PUBLIC_HEALTH_CHECK_URL"),
        HealthCheckAttempts = Number(configuration, "HEALTH_CHECK_ATTEMPTS", 30, 1, 1000),
        HealthCheckInterval = TimeSpan.FromSeconds(Number(configuration, "HEALTH_CHECK_INTERVAL", 10, 1, 3600)),
    };

    private static ActionSettings? ReadAction(IConfiguration configuration, string name)
    {
        var command = Text(configuration, name + "_COMMAND");
        var webhook = Url(configuration, name + "_WEBHOOK");
        return (command, webhook) switch
        {
            (null, null) => null,
            (null, not null) => new ActionSettings(Command: null, webhook),
            (not null, null) => new ActionSettings(Arguments(name + "_COMMAND", command), Webhook: null),
            _ => throw Invalid(name + "_WEBHOOK", $"{name}_COMMAND is set as well, keep one of them"),
        };
    }

    private static IReadOnlyList<string> Arguments(string name, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string?[]>(json) is [{ Length: > 0 }, ..] arguments && !arguments.Contains(null)
                ? [.. arguments.OfType<string>()]
                : throw Invalid(name, "the program is missing, or null stands in the list");
        }
        catch (JsonException)
        {
            throw Invalid(name, "give program and arguments as a JSON array, for example [\"systemctl\", \"restart\", \"app\"]");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ClusterNames();

    [GeneratedRegex("-----BEGIN [^-]+-----[^-]*-----END [^-]+-----", RegexOptions.NonBacktracking)]
    private static partial Regex PemBlocks();

    [GeneratedRegex("-----BEGIN ", RegexOptions.NonBacktracking)]
    private static partial Regex PemBegins();
}
