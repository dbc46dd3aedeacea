using BackupFunctions.Catalog.Database;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Catalog.Sources;

/// <summary>The catalog as the settings describe it.</summary>
public static class CatalogSource
{
    public static StorageCatalog Create(BackupSettings settings, ILoggerFactory loggers) =>
        new(settings.ClusterName, StorageTargets.Create(settings, loggers), KeyLoader.Verification(settings.Keys));

    /// <returns>Null when the settings name no catalog.</returns>
    /// <exception cref="PgdrException">Its connection string cannot be read, or is none.</exception>
    public static CatalogDatabase? OpenDatabase(BackupSettings settings) =>
        settings.CatalogConnection is { } connection ? new CatalogDatabase(connection.Read()) : null;
}
