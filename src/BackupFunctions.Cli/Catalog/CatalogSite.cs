using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Sync;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Catalog;

/// <summary>The catalog that pgdr shows and keeps up to date: the one of the settings, else that of a host that runs on this machine.</summary>
internal static class CatalogSite
{
    /// <summary>After work that is done: longer than a synchronisation with news takes, and no reason to wait for more.</summary>
    private static readonly TimeSpan FreshenLimit = TimeSpan.FromSeconds(60);

    /// <returns>Null when there is none.</returns>
    /// <exception cref="PgdrException">Its connection string cannot be read, or is none.</exception>
    public static CatalogDatabase? Open(BackupSettings settings) =>
        CatalogSource.OpenDatabase(settings) ?? (HostCatalog.Find(SettingsLoader.Load()) is { } connection ? new CatalogDatabase(connection) : null);

    /// <exception cref="PgdrException">There is none.</exception>
    public static CatalogDatabase Require(BackupSettings settings) => Open(settings) ?? throw new PgdrException(
        ErrorCodes.InvalidSettings,
        "There is no catalog: set CATALOG_CONNECTION, or start the host, which has one in its own server. Without one everything is read from storage.");

    public static CatalogSync Sync(CatalogDatabase database, BackupSettings settings, ILoggerFactory loggers) =>
        new(database, CatalogSource.Create(settings, loggers), new RunStore(settings.RunStorePath), TimeProvider.System);

    public static BackupLists Lists(CatalogDatabase? database, BackupSettings settings, ILoggerFactory loggers) => new(
        CatalogSource.Create(settings, loggers), database, TimeProvider.System, notice => Console.Error.WriteLine($"notice: {notice}"));

    /// <summary>Tells the catalog what a job just did. Never fails: the work is done, and the next synchronisation tells it otherwise.</summary>
    public static async Task FreshenAsync(BackupSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FreshenLimit);
        try
        {
            await using var database = Open(settings);
            if (database is not null)
            {
                await Sync(database, settings, loggers).RunAsync(rebuild: false, limit.Token);
            }
        }
        catch (Exception e) when (e is PgdrException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"notice: The catalog does not know of this yet and will learn of it later: {(e is PgdrException ? e.Message : "it took too long.")}");
        }
    }
}
