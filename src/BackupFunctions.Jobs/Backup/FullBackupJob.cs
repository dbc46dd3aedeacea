using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Settings;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// A full logical backup in one pass: pg_dump's growing files are compressed, encrypted and sent to all targets while they are written;
/// the manifest comes last, then every copy is read back.
/// </summary>
public sealed class FullBackupJob
{
    private readonly JobEnvironment _environment;
    private readonly string _stateFolder;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
    public FullBackupJob(JobEnvironment environment, string stateFolder)
    {
        _environment = environment;
        _stateFolder = stateFolder;
    }

    public async Task<FullBackupResult> RunAsync(FullBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var reporter = _environment.Reporter;
        reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.OfDatabase(settings, parameters.Database);
        var recipients = KeyLoader.Recipients(settings.Keys);
        using var signingKey = KeyLoader.Signing(settings.Keys);
        var compression = Compression(settings);
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        foreach (var warning in tools.SecurityWarnings)
        {
            reporter.Warn(warning);
        }

        var startedAt = _environment.Time.GetUtcNow();
        var backupId = BackupIds.New(_environment.Time);
        using var key = DataKey.Create();
        var targets = StorageTargets.Create(settings, _environment.Loggers);
        var session = new FanOutSession(
            targets, settings.RequiredCopies, _environment.Loggers.CreateLogger<FanOutSession>());
        var objects = new BackupObjects(session, key, compression, settings.ClusterName, backupId);

        reporter.Phase("dump", probe.Find(parameters.Database)?.SizeBytes);
        await using var packer = new DumpPacker(objects);
        var dump = await DatabaseDump.RunAsync(
            new DumpRequest
            {
                ServerConnection = server,
                Database = parameters.Database,
                PgTools = tools,
                Jobs = settings.DumpJobs,
                WorkFolder = Path.Combine(settings.WorkPath, "dumps"),
            },
            packer.Open,
            new DelegateProgress<DumpProgress>(progress => reporter.Bytes(progress.BytesDone)),
            cancellationToken);
        await packer.FinishAsync(cancellationToken);
        await AddGlobalsAsync(objects, server, tools, cancellationToken);
        foreach (var warning in dump.Warnings)
        {
            reporter.Warn(warning);
        }

        reporter.Phase("manifest");
        await AddContentsAsync(objects, packer, dump, cancellationToken);
        var chain = new ManifestChain(settings.RunStorePath, settings.ClusterName, parameters.Database);
        var previous = chain.Read();
        var manifest = new Manifest
        {
            Format = Manifest.CurrentFormat,
            Cluster = settings.ClusterName,
            BackupId = backupId,
            Kind = BackupKind.Full,
            Database = parameters.Database,
            StartedAt = startedAt,
            SnapshotAt = dump.SnapshotAt,
            FinishedAt = _environment.Time.GetUtcNow(),
            Server = dump.ServerIdentity,
            Tools = dump.ToolVersions,
            Compression = compression.Name,
            Encryption = Manifest.Aes256GcmHkdf1Mb,
            Recipients = [.. recipients.Select(recipient => recipient.Wrap(key))],
            Objects = objects.Objects,
            PlainSize = objects.PlainSize,
            StoredSize = objects.Objects.Sum(stored => stored.Size),
            SignedBy = signingKey.KeyId,
            Sequence = previous.Sequence + 1,
            PreviousManifestSha256 = previous.Sha256,
        };
        var document = ManifestCodec.Write(manifest, signingKey);
        var publisher = new ManifestPublisher(session, settings.ClusterName, _stateFolder);
        await publisher.PublishAsync(manifest, document, signingKey, cancellationToken);
        chain.Write(new ManifestChainLink(manifest.Sequence, document.Sha256));

        var verification = await new CopyVerification(_environment, session, targets).RunAsync(manifest, document, signingKey, cancellationToken);
        return new FullBackupResult
        {
            BackupId = backupId,
            Database = parameters.Database,
            Status = verification.Complete ? BackupStatus.Verified : BackupStatus.Completed,
            StatusReason = verification.Reason,
            Copies = verification.Copies,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            Tables = dump.Tables.Count,
            Rows = dump.Tables.Sum(table => table.Rows),
        };
    }

    private static CompressionOptions Compression(BackupSettings settings)
    {
        var method = CompressionOptions.Parse(settings.Compression);
        var level = settings.CompressionLevel ?? (method == CompressionMethod.Zstd ? CompressionOptions.Default.Level : 9);
        return new CompressionOptions(method, level);
    }

    private async Task AddGlobalsAsync(
        BackupObjects objects, ServerConnection server, PgTools tools, CancellationToken cancellationToken)
    {
        await using var globals = await objects.CreateAsync("globals.tink", "globals", cancellationToken);
        var outcome = await GlobalsDump.RunAsync(tools, server, globals, cancellationToken);
        foreach (var warning in outcome.Warnings)
        {
            _environment.Reporter.Warn(warning);
        }
    }

    private static async Task AddContentsAsync(BackupObjects objects, DumpPacker packer, DumpOutcome dump, CancellationToken cancellationToken)
    {
        var contents = new BackupContents
        {
            Parts = packer.Parts,
            Tables = dump.Tables,
            LargeObjects = dump.LargeObjects,
            Sequences = dump.Sequences,
            Database = dump.DatabaseProperties,
            Roles = dump.Roles,
        };
        await using var stored = await objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await ContentsCodec.WriteAsync(contents, stored.AsStream(), cancellationToken);
        await stored.CompleteAsync(cancellationToken);
    }
}
