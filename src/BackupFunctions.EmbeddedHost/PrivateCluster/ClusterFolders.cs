using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Where the parts of the private cluster lie.</summary>
internal sealed class ClusterFolders
{
    /// <summary>sun_path holds 108 bytes with its final zero.</summary>
    private const int LongestSocketPath = 107;

    private const string AsidePrefix = "state.postgresql-";

    public const string SocketName = ".s.PGSQL.5432";

    private static readonly SearchValues<char> Unquotable = SearchValues.Create("'\"`$\\,\n\r\t");

    /// <exception cref="PgdrException">The path cannot be handed to the server's tools.</exception>
    public ClusterFolders(string dataFolder)
    {
        if (dataFolder.AsSpan().ContainsAny(Unquotable))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"DATA_FOLDER is {dataFolder}: choose a path without quotes, commas, dollars, backslashes and tabs.");
        }

        Root = dataFolder;
        Sockets = SocketFolder();
    }

    /// <summary>Belongs to the host; the server's account may pass through.</summary>
    public string Root { get; }

    /// <summary>The server's data directory.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>A data directory in the making; renamed to <see cref="State"/> when complete.</summary>
    public string Initializing => Path.Combine(Root, "state.initializing");

    /// <summary>Private to the server's account, mode 0700: the only way to the server.</summary>
    public string Sockets { get; }

    /// <summary>Held while the server is started or stopped.</summary>
    public string StartLock => Path.Combine(Root, "state.start.lock");

    /// <summary>Held shared by every host that uses the server.</summary>
    public string UseLock => Path.Combine(Root, "state.use.lock");

    public string ServerLog => Path.Combine(State, "start.log");

    /// <summary>What keeps the version of the server that made <see cref="State"/>.</summary>
    public string VersionFile => Path.Combine(State, "PG_VERSION");

    /// <summary>Where the state of a server that is gone is kept; contains the version and the time.</summary>
    /// <param name="major">Of the server.</param>
    /// <param name="now">UTC.</param>
    public string AsideOf(int major, DateTime now) =>
        Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{AsidePrefix}{major}.{now:yyyyMMdd'T'HHmmss'Z'}"));

    /// <summary>State that was kept aside, oldest first.</summary>
    public IReadOnlyList<string> KeptAside() =>
        Directory.Exists(Root) ? [.. Directory.GetDirectories(Root, AsidePrefix + "*").Order(StringComparer.Ordinal)] : [];

    public bool IsInitialized => File.Exists(VersionFile);

    private string SocketFolder()
    {
        var wanted = Path.Combine(Root, "run");
        if (Encoding.UTF8.GetByteCount(Path.Combine(wanted, SocketName)) <= LongestSocketPath)
        {
            return wanted;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16];
        // Root takes /run, which nobody else writes to: in /tmp the name could be taken by somebody beforehand.
        return Path.Combine(Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp", $"pgdr-{hash}");
    }
}
