using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Wal;

/// <summary>One file of the log for a server that recovers by itself.</summary>
public static class WalFetch
{
    /// <param name="environment">Settings with private keys.</param>
    /// <param name="systemIdentifier">The server; null: the only one whose log storage has.</param>
    /// <param name="file">As PostgreSQL calls it.</param>
    /// <param name="destination">Path; the file appears whole or not at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False: it is known not to exist, and the log may rightly end before it.</returns>
    /// <exception cref="PgdrException">It should exist and cannot be had.</exception>
    public static async Task<bool> RunAsync(
        JobEnvironment environment, string? systemIdentifier, string file, string destination, CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        var targets = environment.OpenTargets();
        var verificationKeys = KeyLoader.Verification(settings.Keys);
        using var privateKeys = KeyLoader.Private(settings.Keys);
        var system = systemIdentifier ?? await LogReader.OnlyServerAsync(settings.ClusterName, targets, verificationKeys, cancellationToken);
        var failover = new FailoverReader(targets, new FailoverReaderOptions(), environment.Loggers.CreateLogger<FailoverReader>());
        using (var reader = new WalReader(settings.ClusterName, system, targets, verificationKeys, privateKeys, failover))
        {
            if (await reader.FetchAsync(file, destination, withPartial: false, cancellationToken) is not null)
            {
                return true;
            }
        }

        // Only now is the whole log listed: whether this is its end, or a hole.
        var folder = Path.GetDirectoryName(destination)!;
        await using var log = await LogReader.OpenAsync(
            settings.ClusterName, system, targets, verificationKeys, privateKeys, folder, ahead: 0, toTheEnd: true, environment.Loggers, cancellationToken);
        return await log.Source.FetchAsync(file, destination, cancellationToken);
    }
}
