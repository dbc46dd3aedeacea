using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Tools;

/// <summary>One installation of PostgreSQL's client tools.</summary>
public sealed record PgTools
{
    public const string PgDumpName = "pg_dump";
    public const string PgRestoreName = "pg_restore";
    public const string PgDumpAllName = "pg_dumpall";

    public const string PsqlName = "psql";
    public const string PgBaseBackupName = "pg_basebackup";
    public const string PgVerifyBackupName = "pg_verifybackup";

    /// <summary>Since version 17.</summary>
    public const string PgCombineBackupName = "pg_combinebackup";

    /// <summary>The server itself, of the package postgresql-MAJOR.</summary>
    public const string PostgresName = "postgres";

    /// <summary>Those that every job needs.</summary>
    internal static readonly string[] Names = [PgDumpName, PgRestoreName, PgDumpAllName];

    public required string BinariesFolder { get; init; }

    /// <summary>Of pg_dump.</summary>
    public required int Major { get; init; }

    /// <summary>By the tool's name, for example pg_dump: 15.20.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>One sentence for each tool with known security flaws; a warning, never a refusal.</summary>
    public IReadOnlyList<string> SecurityWarnings => SecurityFloor.Warnings(Versions);

    public string PgDump => Path.Combine(BinariesFolder, PgDumpName);

    public string PgRestore => Path.Combine(BinariesFolder, PgRestoreName);

    public string PgDumpAll => Path.Combine(BinariesFolder, PgDumpAllName);

    /// <summary>Of the same package as pg_dump; see <see cref="RequireAsync"/>.</summary>
    public string PgBaseBackup => Path.Combine(BinariesFolder, PgBaseBackupName);

    /// <inheritdoc cref="PgBaseBackup"/>
    public string PgVerifyBackup => Path.Combine(BinariesFolder, PgVerifyBackupName);

    /// <inheritdoc cref="PgBaseBackup"/>
    public string PgCombineBackup => Path.Combine(BinariesFolder, PgCombineBackupName);

    /// <summary>Of the same package as pg_dump.</summary>
    public string Psql => Path.Combine(BinariesFolder, PsqlName);

    /// <summary>
    /// The tools that suit a server: its own major, else the next newer. Looked for in the given folders alone when there are any
    /// (separated as in PATH), else in /usr/lib/postgresql/&lt;major&gt;/bin and PATH.
    /// </summary>
    /// <exception cref="PgdrException">tool.missing, or tool.too-old: the remedy names the package.</exception>
    public static async Task<PgTools> FindAsync(int serverMajor, string? binariesFolder, CancellationToken cancellationToken)
    {
        PgTools? older = null;
        PgTools? newer = null;
        foreach (var folder in ToolFolders.Candidates(serverMajor, binariesFolder))
        {
            var versions = await ToolVersion.ReadAllAsync(folder, cancellationToken);
            if (versions is null)
            {
                continue;
            }

            var found = new PgTools { BinariesFolder = folder, Major = ToolVersion.Major(versions[PgDumpName]), Versions = versions };
            if (found.Major == serverMajor)
            {
                return found;
            }

            if (found.Major < serverMajor)
            {
                older ??= found;
            }
            else if (newer is null || found.Major < newer.Major)
            {
                newer = found;
            }
        }

        if (newer is not null)
        {
            return newer;
        }

        throw older is null ? Missing(serverMajor, binariesFolder) : TooOld(serverMajor, older);
    }

    /// <summary>The same with the version of one more tool of that folder, which not every job needs.</summary>
    /// <exception cref="PgdrException">tool.missing</exception>
    public async Task<PgTools> RequireAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(BinariesFolder, name);
        var version = File.Exists(path) ? await ToolVersion.ReadAsync(path, cancellationToken) : null;
        return version is not null
            ? this with { Versions = new Dictionary<string, string>(Versions, StringComparer.Ordinal) { [name] = version } }
            : throw new PgdrException(ErrorCodes.ToolMissing, $"{name} was not found in {BinariesFolder}; install the package postgresql-client-{Major}.");
    }

    private static PgdrException Missing(int serverMajor, string? folder) => new(
        ErrorCodes.ToolMissing,
        $"pg_dump, pg_restore and pg_dumpall were not found {(folder is null ? "on this machine" : $"in {folder}")}; "
        + $"install the package postgresql-client-{serverMajor} or name their folder in the settings.");

    private static PgdrException TooOld(int serverMajor, PgTools older) => new(
        ErrorCodes.ToolTooOld,
        $"pg_dump {older.Versions[PgDumpName]} in {older.BinariesFolder} is older than the server (major {serverMajor}); "
        + $"install the package postgresql-client-{serverMajor}.");
}
