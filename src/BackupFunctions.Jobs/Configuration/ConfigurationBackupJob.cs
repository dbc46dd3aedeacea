using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>How a server is set up, encrypted, signed and verified as every backup. What could not be read is in the result, a sentence each.</summary>
/// <param name="environment">What every job works with.</param>
/// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
public sealed class ConfigurationBackupJob(JobEnvironment environment, string stateFolder)
{
    internal const string TarObject = "data/000001.tink";

    public async Task<ConfigurationBackupResult> RunAsync(ConfigurationBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        environment.Reporter.Phase("prepare");
        var server = ServerConnections.Named(settings, parameters.Server);
        using var keys = BackupWriterKeys.Load(settings.Keys);
        var chain = ManifestChain.OfConfiguration(settings.RunStorePath, settings.ClusterName, parameters.Server);
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        environment.Reporter.WarnAll(tools.SecurityWarnings);

        await using var attempt = new BackupAttempt(environment, keys, chain, environment.OpenTargets());
        environment.Reporter.Phase("configuration");
        var contents = await WriteAsync(tools, server, attempt, cancellationToken);
        var manifest = attempt.Describe(BackupKind.Configuration, probe.Identity, attempt.StartedAt, tools.Versions) with { ConfigurationOf = parameters.Server };
        var published = await attempt.PublishAsync(manifest, stateFolder, cancellationToken);
        var completed = await attempt.CompleteAsync(published, cancellationToken);
        return new ConfigurationBackupResult
        {
            BackupId = attempt.Id,
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
        PgTools tools, ServerConnection server, BackupAttempt attempt, CancellationToken cancellationToken)
    {
        ConfigurationContents contents;
        await using (var data = await attempt.Objects.CreateAsync(TarObject, "data", cancellationToken))
        {
            await using (var tar = new ConfigurationTar(data.AsStream(), attempt.StartedAt))
            {
                await new ConfigurationCollector(environment.Settings.Configuration, tools, server).RunAsync(tar, cancellationToken);
                contents = tar.Contents;
            }

            await data.CompleteAsync(cancellationToken);
        }

        environment.Reporter.WarnAll(contents.Missing);
        await attempt.Objects.WriteContentsAsync(
            stream => JsonSerializer.SerializeAsync(stream, contents, ContractJson.Options, cancellationToken), cancellationToken);
        return contents;
    }
}
