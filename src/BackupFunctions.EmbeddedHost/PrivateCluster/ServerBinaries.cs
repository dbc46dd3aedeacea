using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>The folder of a PostgreSQL installation with the server's programs, and its major version.</summary>
internal sealed partial record ServerBinaries(string Folder, int Major)
{
    private const int OldestMajor = 13;

    private const string Remedy =
        "install the server package of PostgreSQL (Debian and Ubuntu: postgresql; Fedora: postgresql-server; macOS: brew install postgresql@17), "
        + "set POSTGRES_BIN to the folder with initdb and pg_ctl, or set STATE_CONNECTION to use a database elsewhere";

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Wildcards stand for one folder's version.</summary>
    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql*/bin", "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin", "/usr/local/bin",
    ];

    public string Path(string program) => System.IO.Path.Combine(Folder, program);

    /// <summary>The newest that can make a data directory.</summary>
    /// <param name="setting">POSTGRES_BIN, or null to search.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="PgdrException">Nothing fits; says what to install.</exception>
    public static async Task<ServerBinaries> FindNewestAsync(string? setting, CancellationToken cancellationToken) =>
        await NewestAsync(setting, cancellationToken)
            ?? throw new PgdrException(
                ErrorCodes.ToolMissing,
                $"The host keeps its state in a small PostgreSQL server of its own, but no server programs of version {OldestMajor} or later are "
                + $"{Where(setting)}: {Remedy}.");

    /// <returns>Null when nothing fits.</returns>
    public static async Task<ServerBinaries?> NewestAsync(string? setting, CancellationToken cancellationToken) =>
        (await SearchAsync(setting is null ? Everywhere() : [setting], cancellationToken))
            .Where(binaries => binaries.Major >= OldestMajor).MaxBy(binaries => binaries.Major);

    /// <summary>For an existing data directory, which no other major version can open; looked for beside POSTGRES_BIN too, because the state counts more.</summary>
    /// <returns>Null when they are nowhere.</returns>
    public static async Task<ServerBinaries?> OfMajorAsync(string? setting, int major, CancellationToken cancellationToken) =>
        (await SearchAsync(setting is null ? Everywhere() : [setting, .. Everywhere()], cancellationToken))
            .FirstOrDefault(binaries => binaries.Major == major);

    private static IEnumerable<string> Everywhere() => UsualPlaces.SelectMany(Expand).Concat(SearchPath());

    private static async Task<List<ServerBinaries>> SearchAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        var found = new List<ServerBinaries>();
        foreach (var folder in folders.Distinct(StringComparer.Ordinal).Where(HasPrograms))
        {
            if (await MajorOfAsync(folder, cancellationToken) is { } version)
            {
                found.Add(new ServerBinaries(folder, version));
            }
        }

        return found;
    }

    private static string Where(string? setting) => setting is null ? "on this machine" : $"in {setting} (POSTGRES_BIN)";

    private static bool HasPrograms(string folder) => Programs.All(program => File.Exists(System.IO.Path.Combine(folder, program)));

    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [pattern];
        }

        var parent = System.IO.Path.GetDirectoryName(pattern[..star])!;
        var name = pattern[(parent.Length + 1)..].Split('/')[0];
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, name).Select(folder => System.IO.Path.Combine(folder, "bin"))
            : [];
    }

    private static IEnumerable<string> SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <returns>Null for programs that do not run, as an upgrade of the system can leave them.</returns>
    private static async Task<int?> MajorOfAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var result = await CommandRunner.RunAsync(new Command(System.IO.Path.Combine(folder, "postgres"), ["--version"]), cancellationToken);
            var version = VersionNumber().Match(result.Output);
            return result.ExitCode == 0 && version.Success ? int.Parse(version.Groups["major"].Value, CultureInfo.InvariantCulture) : null;
        }
        catch (PgdrException cause) when (cause.Code == ErrorCodes.ToolMissing)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex VersionNumber();
}
