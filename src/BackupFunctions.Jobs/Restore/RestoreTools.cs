using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore;

/// <summary>The tools that restore a dump onto a server, and how.</summary>
/// <param name="Tools">Of the server's major or the next newer, and no older than the pg_dump that made the backup.</param>
/// <param name="Way">Whether they reach the server directly.</param>
internal sealed record RestoreTools(PgTools Tools, RestoreWay Way)
{
    /// <exception cref="PgdrException">tool.missing, tool.too-old: the package is named.</exception>
    public static async Task<RestoreTools> FindAsync(JobEnvironment environment, Manifest manifest, int serverMajor, CancellationToken cancellationToken)
    {
        var dumpMajor = DumpMajor(manifest);
        var tools = await PgTools.FindAsync(Math.Max(serverMajor, dumpMajor), environment.Settings.PostgresBinaries, cancellationToken);
        return new RestoreTools(tools, RestoreCompatibility.Check(dumpMajor, tools, serverMajor));
    }

    /// <summary>Of a base backup, whose database is dumped when its log was replayed: the server's own.</summary>
    private static int DumpMajor(Manifest manifest) => manifest.Tools.TryGetValue(PgTools.PgDumpName, out var version)
        ? int.Parse(string.Concat(version.TakeWhile(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture)
        : manifest.Server.VersionNumber / 10000;
}
