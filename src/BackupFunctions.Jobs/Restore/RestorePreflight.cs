using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore;

/// <summary>What every restore of a dump needs, found out beforehand; a line for each check that holds.</summary>
internal sealed class RestorePreflight(JobEnvironment environment, List<string> checks)
{
    /// <summary>The server to restore onto answers, and its tools can read what pg_dump of the backup's server writes.</summary>
    public async Task CheckServerAsync(Manifest manifest, string targetServer, CancellationToken cancellationToken)
    {
        var server = await ServerProbe.RunAsync(ServerConnections.Named(environment.Settings, targetServer), cancellationToken);
        checks.Add($"server '{targetServer}' answers ({server.Identity.Version})");
        var (tools, way) = await RestoreTools.FindAsync(environment, manifest, server.Major, cancellationToken);
        environment.Reporter.WarnAll(tools.SecurityWarnings);
        checks.Add($"pg_restore {tools.Versions[PgTools.PgRestoreName]}{(way == RestoreWay.Script ? $", through psql for a server of version {server.Major}, without parallel jobs" : string.Empty)}");
    }

    /// <summary>What the dump uses is there on the server: extensions, tablespaces, features of its version.</summary>
    public async Task CheckNeedsAsync(BackupContents contents, string targetServer, CancellationToken cancellationToken)
    {
        if (contents.Needs is not { } needs)
        {
            checks.Add("what the database needs of a server is not recorded: the backup is of an older pgdr");
            return;
        }

        environment.Reporter.WarnAll(await RestoreNeedsCheck.RunAsync(
            ServerConnections.Named(environment.Settings, targetServer), needs, contents.Database, cancellationToken));
        checks.Add(string.Create(CultureInfo.InvariantCulture, $"server '{targetServer}' has what the database uses ({needs.Extensions.Count} extensions)"));
    }

    /// <summary>Some tables get a database that is not there yet.</summary>
    public async Task CheckNewAsync(string name, string targetServer, CancellationToken cancellationToken)
    {
        if (await DatabasePropertiesReader.ReadAsync(ServerConnections.Named(environment.Settings, targetServer), name, cancellationToken) is not null)
        {
            throw new PgdrException(
                ErrorCodes.DatabaseExists, $"Server '{targetServer}' has a database '{name}', which some tables of another one do not replace: choose a new name, or drop it.");
        }

        checks.Add($"database '{name}' is new on server '{targetServer}'");
    }

    /// <param name="needed">Bytes in the work folder.</param>
    /// <param name="remedy">What helps besides a larger disk, as the end of a sentence; empty: nothing.</param>
    public void CheckDisk(long needed, string remedy)
    {
        var folder = environment.Settings.WorkPath;
        JobFolders.Prepare(folder, "WORK_PATH");
        var free = new DriveInfo(folder).AvailableFreeSpace;
        checks.Add(free >= needed
            ? string.Create(CultureInfo.InvariantCulture, $"{free / 1048576:N0} MiB free in the work folder, {needed / 1048576:N0} needed")
            : throw new PgdrException(
                ErrorCodes.DiskFull,
                string.Create(CultureInfo.InvariantCulture, $"The work folder {folder} has {free / 1048576:N0} MiB free and the restore needs {needed / 1048576:N0} MiB: make room or set WORK_PATH to a larger disk{remedy}.")));
    }
}
