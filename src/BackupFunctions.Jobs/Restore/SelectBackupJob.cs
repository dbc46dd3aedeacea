using System.Globalization;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Step 1 of the runbook: chooses the backup, a dump or a base backup whose log goes on, and finds out beforehand what would make the recovery
/// fail: a copy that is not complete, a key that does not open it, a server that is away, tools that are missing, a disk that is full.
/// </summary>
public sealed class SelectBackupJob
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;
    private readonly PointSelection _points;
    private Manifest? _newestDump;
    private bool _newestDumpKnown;

    /// <summary>For the check of the targets that are read from: all of them together.</summary>
    internal TimeSpan ReadCheckLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the contents, by which the server is asked for what the dump needs.</summary>
    internal TimeSpan ContentsLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    public SelectBackupJob(JobEnvironment environment, BackupReader reader)
    {
        _environment = environment;
        _reader = reader;
        _points = new PointSelection(environment, reader);
    }

    public async Task<SelectBackupResult> RunAsync(SelectBackupParameters parameters, CancellationToken cancellationToken)
    {
        var checks = new List<string>();
        _environment.Reporter.Phase("select");
        RestoreIntoCheck.CheckName(_environment.Settings, parameters);
        var point = await ChoosePointAsync(parameters, checks, cancellationToken);
        var (stored, record) = point is not null
            ? (point.Stored, point.Record)
            : await BackupChooser.ChooseAsync(_reader.Catalog, parameters.Database, parameters.BackupId, cancellationToken, parameters.Into);
        var manifest = stored.Manifest;
        RestoreIntoCheck.CheckKind(parameters, manifest);
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
        var targetServer = parameters.TargetServer ?? ServerConnections.Database(_environment.Settings, parameters.Database).Server;
        var preflight = new RestorePreflight(_environment, checks);
        await preflight.CheckServerAsync(manifest, targetServer, cancellationToken);
        if (parameters.Selection is not null)
        {
            await preflight.CheckNewAsync(parameters.Into!, targetServer, cancellationToken);
        }

        if (point is null)
        {
            if (await TryReadContentsAsync(stored, readable, checks, cancellationToken) is { } contents)
            {
                await preflight.CheckNeedsAsync(contents, targetServer, cancellationToken);
            }

            preflight.CheckDisk(manifest.PlainSize + (manifest.PlainSize / 20), remedy: string.Empty);
        }
        else
        {
            await _points.CheckAsync(point, preflight, checks, (await NewestDumpAsync(parameters.Database, cancellationToken))?.PlainSize, cancellationToken);
        }

        return new SelectBackupResult
        {
            BackupId = manifest.BackupId,
            Database = parameters.Database,
            TargetServer = targetServer,
            Status = record.Status,
            SnapshotAt = manifest.SnapshotAt,
            StoredSize = manifest.StoredSize,
            PlainSize = manifest.PlainSize,
            ReadableTargets = readable,
            Checks = checks,
            Path = point?.Path,
        };
    }

    /// <summary>Null: they cannot be read now. That is for the download to overcome; the restore asks again before it touches anything.</summary>
    private async Task<BackupContents?> TryReadContentsAsync(
        StoredManifest stored, IReadOnlyList<string> targets, List<string> checks, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _environment.Time.CreateTimer(_ => limited.Cancel(), state: null, ContentsLimit, Timeout.InfiniteTimeSpan);
        try
        {
            return await new StoredObjects(_environment, _reader).ReadContentsAsync(stored, targets, limited.Token);
        }
        catch (StorageException e)
        {
            checks.Add($"what the database needs of a server is looked at before the restore, since its contents could not be read now ({e.Message.TrimEnd('.')})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            checks.Add(string.Create(CultureInfo.InvariantCulture, $"what the database needs of a server is looked at before the restore, since its contents were not read within {ContentsLimit.TotalSeconds:0} s"));
        }

        return null;
    }

    /// <summary>Base backup and log, where they are asked for or reach further than the newest dump that is good; null: a dump it is.</summary>
    private async Task<PointCandidate?> ChoosePointAsync(SelectBackupParameters parameters, List<string> checks, CancellationToken cancellationToken)
    {
        if (parameters.BackupId is not null)
        {
            return parameters.Point is null
                ? null
                : throw new PgdrException(ErrorCodes.InvalidSettings, "A backup is given and a point in time, too: give one of them.");
        }

        if (parameters.Point is { } wanted)
        {
            return await _points.ChooseAsync(parameters.Database, wanted, cancellationToken);
        }

        try
        {
            var newest = await _points.ChooseAsync(parameters.Database, new WantedPoint(Time: null, Lsn: null), cancellationToken);
            if (await NewestDumpAsync(parameters.Database, cancellationToken) is { } dump && dump.SnapshotAt >= newest.NewestAt)
            {
                checks.Add($"newer than what is archived of the log ({newest.NewestAt:u})");
                return null;
            }

            return newest;
        }
        catch (PgdrException e) when (e.Code is ErrorCodes.BackupUnknown or ErrorCodes.WalMissing)
        {
            checks.Add($"not by log: {e.Message.TrimEnd('.')}");
            if (e.Code == ErrorCodes.WalMissing)
            {
                _environment.Reporter.Warn($"A base backup is there and its log is not used, so what was written since the dump is not recovered: {e.Message}");
            }

            return null;
        }
    }

    /// <summary>Null: there is none that is good. Asked for once: it lists all targets.</summary>
    private async Task<Manifest?> NewestDumpAsync(string database, CancellationToken cancellationToken)
    {
        if (!_newestDumpKnown)
        {
            try
            {
                _newestDump = (await BackupChooser.ChooseAsync(_reader.Catalog, database, backupId: null, cancellationToken)).Stored.Manifest;
            }
            catch (PgdrException e) when (e.Code == ErrorCodes.BackupUnknown)
            {
                // The log alone has it.
            }

            _newestDumpKnown = true;
        }

        return _newestDump;
    }
}
