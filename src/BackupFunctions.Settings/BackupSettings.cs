namespace BackupFunctions.Settings;

/// <summary>Everything that jobs, command line and function app read from configuration. Names of the settings: docs, configuration reference.</summary>
public sealed record BackupSettings
{
    public const int DefaultJobLimit = 2;
    public const int DefaultIncrementalLimit = 6;
    public const int DefaultTenantJobs = 4;
    public static readonly TimeSpan DefaultReadHedgeDelay = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan DefaultSlowTargetAllowance = TimeSpan.FromSeconds(60);

    /// <summary>First folder of every object's key.</summary>
    public required string ClusterName { get; init; }
    public required IReadOnlyList<ServerSettings> Servers { get; init; }
    public required IReadOnlyList<DatabaseSettings> Databases { get; init; }

    /// <summary>In the order in which a restore reads them.</summary>
    public required IReadOnlyList<TargetSettings> Targets { get; init; }

    /// <summary>How long one target is asked again for a read before another one is.</summary>
    public required TimeSpan ReadPatience { get; init; }

    /// <summary>How long a read waits for one target before a second one is asked as well.</summary>
    public TimeSpan ReadHedgeDelay { get; init; } = DefaultReadHedgeDelay;

    /// <summary>How long a backup waits, all in all, for one target while the others are ready; a quarter of its own time if that is more.</summary>
    public TimeSpan SlowTargetAllowance { get; init; } = DefaultSlowTargetAllowance;

    /// <summary>Copies without which a backup counts as failed.</summary>
    public required int RequiredCopies { get; init; }

    /// <summary>zstd or gzip.</summary>
    public required string Compression { get; init; }

    /// <summary>Null: the method's default.</summary>
    public int? CompressionLevel { get; init; }
    public required int DumpJobs { get; init; }
    public required int RestoreJobs { get; init; }

    /// <summary>Tenants of a database that are read at a time, each over a connection of its own.</summary>
    public int TenantJobs { get; init; } = DefaultTenantJobs;

    /// <summary>Incremental backups in a row until a whole base backup is taken again; each makes a recovery slower.</summary>
    public int IncrementalLimit { get; init; } = DefaultIncrementalLimit;

    /// <summary>Jobs at a time on this machine; a disaster recovery comes on top.</summary>
    public int JobLimit { get; init; } = DefaultJobLimit;

    /// <summary>Runs and reports: a folder that outlives processes.</summary>
    public required string RunStorePath { get; init; }

    /// <summary>Scratch space of jobs, as large as the largest database for a restore.</summary>
    public required string WorkPath { get; init; }

    /// <summary>Folders of pg_dump and its kin, separated as in PATH; of several the one of the server's major is taken. Null: found by that.</summary>
    public string? PostgresBinaries { get; init; }
    public required KeySettings Keys { get; init; }

    /// <summary>Connection string of the catalog's database; null: none is named, and a host's own server may have one.</summary>
    public SecretSource? CatalogConnection { get; init; }
    public required RecoverySettings Recovery { get; init; }

    /// <summary>Addresses that may be told of the end of a manual backup, by name in any case.</summary>
    public IReadOnlyDictionary<string, Uri> NotifyHooks { get; init; } = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
    public RetentionSettings Retention { get; init; } = new();
    public WalSettings Wal { get; init; } = new();
    public ConfigurationBackupSettings Configuration { get; init; } = new();
}
