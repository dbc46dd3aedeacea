using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Step 1 of the runbook: chooses the backup and finds out beforehand what would make the recovery fail: a copy that is not complete, a
/// key that does not open it, a server that is away, tools that are missing, a disk that is full. Changes nothing.
/// </summary>
public sealed class SelectBackupJob
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    /// <summary>For the check of the targets that are read from: all of them together.</summary>
    internal TimeSpan ReadCheckLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    public SelectBackupJob(JobEnvironment environment, BackupReader reader)
    {
        _environment = environment;
        _reader = reader;
    }

    public async Task<SelectBackupResult> RunAsync(SelectBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var checks = new List<string>();
        _environment.Reporter.Phase("select");
        var (stored, record) = await BackupChooser.ChooseAsync(_reader.Catalog, parameters.Database, parameters.BackupId, cancellationToken);
        var manifest = stored.Manifest;
        checks.Add("manifest signed by a pinned key");

        var readable = await new CopyCheck(await ReadableCopies.OfAsync(_reader, stored, _environment.Reporter, cancellationToken)).RunAsync(manifest, cancellationToken);
        checks.Add($"every object is on {string.Join(", ", readable)}");
        readable = await new ReadOrder(_environment, ReadCheckLimit).OfAsync(
            manifest, [.. readable.Select(name => _reader.Targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal)))], checks, cancellationToken);

        using (_reader.PrivateKeys.Unwrap(manifest.Recipients))
        {
            checks.Add("a key opens it");
        }

        _environment.Reporter.Phase("preflight");
        var targetServer = parameters.TargetServer ?? ServerConnections.Database(settings, parameters.Database).Server;
        await CheckServerAsync(manifest, targetServer, checks, cancellationToken);
        checks.Add(CheckDisk(manifest));
        return new SelectBackupResult
        {
            BackupId = manifest.BackupId,
            Database = manifest.Database,
            TargetServer = targetServer,
            Status = record.Status,
            SnapshotAt = manifest.SnapshotAt,
            StoredSize = manifest.StoredSize,
            PlainSize = manifest.PlainSize,
            ReadableTargets = readable,
            Checks = checks,
        };
    }

    private async Task CheckServerAsync(Manifest manifest, string targetServer, List<string> checks, CancellationToken cancellationToken)
    {
        var server = await ServerProbe.RunAsync(ServerConnections.Named(_environment.Settings, targetServer), cancellationToken);
        checks.Add($"server '{targetServer}' answers ({server.Identity.Version})");
        var tools = await PgTools.FindAsync(
            Math.Max(server.Major, manifest.Server.VersionNumber / 10000), _environment.Settings.PostgresBinaries, cancellationToken);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);
        checks.Add($"pg_restore {tools.Versions[PgTools.PgRestoreName]}");
    }

    private string CheckDisk(Manifest manifest)
    {
        var folder = _environment.Settings.WorkPath;
        JobFolders.Prepare(folder, "WORK_PATH");
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var needed = manifest.PlainSize + (manifest.PlainSize / 20);
        return free >= needed
            ? string.Create(CultureInfo.InvariantCulture, $"{free / 1048576:N0} MiB free in the work folder, {needed / 1048576:N0} needed")
            : throw new PgdrException(
                ErrorCodes.DiskFull,
                string.Create(CultureInfo.InvariantCulture, $"The work folder {folder} has {free / 1048576:N0} MiB free and the restore needs {needed / 1048576:N0} MiB: make room or set WORK_PATH to a larger disk."));
    }
}
