using System.Text.Json;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>How a server is set up, encrypted, signed and verified as every backup. What could not be read is in the result, a sentence each.</summary>
public sealed class ConfigurationBackupJob
{
    internal const string TarObject = "data/000001.tink";

    private readonly JobEnvironment _environment;
    private readonly string _stateFolder;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
    public ConfigurationBackupJob(JobEnvironment environment, string stateFolder) => (_environment, _stateFolder) = (environment, stateFolder);

    public async Task<ConfigurationBackupResult> RunAsync(ConfigurationBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");
        var server = ServerConnections.Named(settings, parameters.Server);
        var recipients = KeyLoader.Recipients(settings.Keys);
        using var signingKey = KeyLoader.Signing(settings.Keys);
        var compression = BackupCompression.Of(settings);
        var chain = ManifestChain.OfConfiguration(settings.RunStorePath, settings.ClusterName, parameters.Server);
        var previous = chain.Read();
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);

        var startedAt = _environment.Time.GetUtcNow();
        var backupId = BackupIds.New(_environment.Time);
        using var key = DataKey.Create();
        var targets = _environment.OpenTargets();
        var session = BackupSession.Open(_environment, targets);
        var objects = new BackupObjects(session, key, compression, settings.ClusterName, backupId);
        ConfigurationContents contents;
        Manifest manifest;
        SignedDocument document;
        try
        {
            _environment.Reporter.Phase("configuration");
            contents = await WriteAsync(tools, server, objects, startedAt, cancellationToken);
            _environment.Reporter.Phase("manifest");
            manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Cluster = settings.ClusterName,
                BackupId = backupId,
                Kind = BackupKind.Configuration,
                Database = string.Empty,
                ConfigurationOf = parameters.Server,
                StartedAt = startedAt,
                SnapshotAt = startedAt,
                FinishedAt = _environment.Time.GetUtcNow(),
                Server = probe.Identity,
                Tools = tools.Versions,
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
            document = ManifestCodec.Write(manifest, signingKey);
            await new ManifestPublisher(session, settings.ClusterName, _stateFolder).PublishAsync(manifest, document, signingKey, cancellationToken);
        }
        catch
        {
            await new BackupWithdrawal(targets, _environment.Loggers.CreateLogger<BackupWithdrawal>()).RunAsync(settings.ClusterName, backupId);
            throw;
        }

        var completed = await new BackupCompletion(_environment, session, targets, chain).RunAsync(manifest, document, signingKey, cancellationToken);
        return new ConfigurationBackupResult
        {
            BackupId = backupId,
            Server = parameters.Server,
            Status = completed.Status,
            StatusReason = completed.StatusReason,
            Copies = completed.Copies,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            Items = contents.Items.Count,
            Missing = contents.Missing,
        };
    }

    private async Task<ConfigurationContents> WriteAsync(
        PgTools tools, ServerConnection server, BackupObjects objects, DateTimeOffset takenAt, CancellationToken cancellationToken)
    {
        ConfigurationContents contents;
        await using (var data = await objects.CreateAsync(TarObject, "data", cancellationToken))
        {
            await using (var tar = new ConfigurationTar(data.AsStream(), takenAt))
            {
                await new ConfigurationCollector(_environment.Settings.Configuration, tools, server).RunAsync(tar, cancellationToken);
                contents = tar.Contents;
            }

            await data.CompleteAsync(cancellationToken);
        }

        _environment.Reporter.WarnAll(contents.Missing);
        await using var index = await objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await JsonSerializer.SerializeAsync(index.AsStream(), contents, ContractJson.Options, cancellationToken);
        await index.CompleteAsync(cancellationToken);
        return contents;
    }
}
