using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Targets by the short names R2_*, B2_* and LOCAL_BACKUP_PATH, or by Targets__name__*; read in STORAGE_ORDER (default r2, b2, local,
/// then the others by name).
/// </summary>
internal static class TargetSettingsReader
{
    private static readonly string[] ShortNames = ["r2", "b2", "local"];

    public static IReadOnlyList<TargetSettings> Read(IConfiguration configuration)
    {
        var found = new List<TargetSettings>();
        found.AddRange(configuration.GetSection("Targets").GetChildren().Select(ReadNamed));
        AddUnlessNamed(found, "r2", () => ReadR2(configuration));
        AddUnlessNamed(found, "b2", () => ReadB2(configuration));
        AddUnlessNamed(found, "local", () => SettingsReader.Text(configuration, "LOCAL_BACKUP_PATH") is { } path
            ? new TargetSettings { Name = "local", Type = TargetType.Local, Path = Path.GetFullPath(path) }
            : null);
        RefuseSamePlace(found);
        return Ordered(found, SettingsReader.Text(configuration, "STORAGE_ORDER"));
    }

    private static void AddUnlessNamed(List<TargetSettings> found, string name, Func<TargetSettings?> read)
    {
        if (!found.Any(target => string.Equals(target.Name, name, StringComparison.OrdinalIgnoreCase)) && read() is { } target)
        {
            found.Add(target);
        }
    }

    private static void RefuseSamePlace(List<TargetSettings> found)
    {
        // Where a connection string or a SAS URL holds the place, it is compared once that is read.
        var twice = found
            .Where(target => target.Path is not null || target.Endpoint is not null)
            .GroupBy(target => (target.Path?.TrimEnd('/'), target.Endpoint?.AbsoluteUri, target.Bucket ?? target.Container))
            .FirstOrDefault(place => place.Count() > 1);
        if (twice is not null)
        {
            throw SettingsReader.Invalid(
                "Targets", $"{string.Join(" and ", twice.Select(target => $"'{target.Name}'"))} store at the same place, and one copy must not count as two");
        }
    }

    private static IReadOnlyList<TargetSettings> Ordered(List<TargetSettings> found, string? order)
    {
        var names = order?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? ShortNames;

        // The short names may stand in the order before their targets are set up.
        if (names.Except(ShortNames, StringComparer.OrdinalIgnoreCase).Except(found.Select(target => target.Name), StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
        {
            throw SettingsReader.Invalid("STORAGE_ORDER", $"'{unknown}' is not a configured target");
        }

        return
        [
            .. found
                .OrderBy(target => Array.FindIndex(names, name => string.Equals(name, target.Name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index ? index : int.MaxValue)
                .ThenBy(target => target.Name, StringComparer.Ordinal),
        ];
    }

    private static TargetSettings ReadNamed(IConfigurationSection section) => section["Type"] switch
    {
        "local" when ObjectLockReader.Mode(section, "ObjectLock") is not null
            => throw SettingsReader.Invalid(section, "ObjectLock", "a folder has no locks: remove it"),
        "local" => new TargetSettings { Name = section.Key, Type = TargetType.Local, Path = Path.GetFullPath(Required(section, "Path")) },
        "s3" => ReadS3(section),
        "azure-blob" => AzureBlobSettingsReader.Read(section),
        _ => throw SettingsReader.Invalid(section, "Type", "choose local, s3 or azure-blob"),
    };

    private static TargetSettings ReadS3(IConfigurationSection section) => new()
    {
        Name = section.Key,
        Type = TargetType.S3,
        Endpoint = SettingsReader.Url(section, "Endpoint") ?? throw SettingsReader.Invalid(section, "Endpoint", "it is missing"),
        Region = section["Region"] is { Length: > 0 } region ? region : "us-east-1",
        Bucket = Required(section, "Bucket"),
        AccessKey = Required(section, "AccessKey"),
        SecretKey = SettingsReader.Secret(section, "SecretKey", "File") ?? throw SettingsReader.Invalid(section, "SecretKey", "it is missing"),
        Profile = SettingsReader.Text(section, "Profile"),
        ObjectLock = ObjectLockReader.Mode(section, "ObjectLock"),
        ObjectLockDays = ObjectLockReader.Days(section, "ObjectLock", "ObjectLockDays"),
    };

    private static TargetSettings? ReadR2(IConfiguration configuration)
    {
        if (Bucket(configuration, "R2_BUCKET", "R2_ACCOUNT_ID", "R2_ENDPOINT", "R2_ACCESS_KEY", "R2_SECRET_KEY", "R2_SECRET_KEY_PATH") is not { } bucket)
        {
            return null;
        }

        var account = SettingsReader.Text(configuration, "R2_ACCOUNT_ID");
        return new TargetSettings
        {
            Name = "r2",
            Type = TargetType.S3,
            Endpoint = SettingsReader.Url(configuration, "R2_ENDPOINT")
                ?? (account is not null ? new Uri($"https://{account}.r2.cloudflarestorage.com") : throw SettingsReader.Invalid("R2_ACCOUNT_ID", "give it, or R2_ENDPOINT")),
            Region = "auto",
            Bucket = bucket,
            AccessKey = Required(configuration, "R2_ACCESS_KEY"),
            SecretKey = SettingsReader.Secret(configuration, "R2_SECRET_KEY", "_PATH") ?? throw SettingsReader.Invalid("R2_SECRET_KEY", "it is missing"),
        };
    }

    private static TargetSettings? ReadB2(IConfiguration configuration)
    {
        if (Bucket(configuration, "B2_BUCKET_NAME", "B2_REGION", "B2_ENDPOINT", "B2_KEY_ID", "B2_APPLICATION_KEY", "B2_APPLICATION_KEY_PATH") is not { } bucket)
        {
            return null;
        }

        var endpoint = SettingsReader.Url(configuration, "B2_ENDPOINT");
        var region = SettingsReader.Text(configuration, "B2_REGION");
        if (endpoint is null && region is null)
        {
            throw SettingsReader.Invalid("B2_REGION", "give it, or B2_ENDPOINT");
        }

        return new TargetSettings
        {
            Name = "b2",
            Type = TargetType.S3,
            Endpoint = endpoint ?? new Uri($"https://s3.{region}.backblazeb2.com"),
            Region = region ?? "us-east-1",
            Bucket = bucket,
            AccessKey = Required(configuration, "B2_KEY_ID"),
            SecretKey = SettingsReader.Secret(configuration, "B2_APPLICATION_KEY", "_PATH") ?? throw SettingsReader.Invalid("B2_APPLICATION_KEY", "it is missing"),
            ObjectLock = ObjectLockReader.Mode(configuration, "B2_OBJECT_LOCK"),
            ObjectLockDays = ObjectLockReader.Days(configuration, "B2_OBJECT_LOCK", "B2_OBJECT_LOCK_DAYS"),
        };
    }

    /// <summary>Null: none of the settings is given. Some but no bucket is a slip that would cost a copy.</summary>
    private static string? Bucket(IConfiguration configuration, string name, params string[] others) =>
        SettingsReader.Text(configuration, name)
        ?? (others.FirstOrDefault(other => SettingsReader.Text(configuration, other) is not null) is { } given
            ? throw SettingsReader.Invalid(name, $"it is missing although {given} is set")
            : null);

    private static string Required(IConfiguration configuration, string name) =>
        SettingsReader.Text(configuration, name) ?? throw SettingsReader.Invalid(configuration, name, "it is missing");
}
