using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>The server program that a base backup's files need: of the same major version, no other reads them.</summary>
internal static class ServerPrograms
{
    /// <exception cref="PgdrException">tool.missing: the package is named.</exception>
    public static async Task<PgTools> FindAsync(BackupSettings settings, Manifest manifest, CancellationToken cancellationToken)
    {
        var major = manifest.Server.VersionNumber / 10000;
        var tools = await (await PgTools.FindAsync(major, settings.PostgresBinaries, cancellationToken)).RequireAsync(PgTools.PostgresName, cancellationToken);
        return tools.Major == major
            ? tools
            : throw new PgdrException(
                ErrorCodes.ToolMissing, $"The files of a server of version {major} need its own program, and {tools.BinariesFolder} has version {tools.Major}: install the package postgresql-{major}.");
    }
}
