using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Catalog.Sources;

/// <summary>The catalog as the settings describe it.</summary>
public static class CatalogSource
{
    public static StorageCatalog Create(BackupSettings settings, ILoggerFactory loggers) =>
        new(settings.ClusterName, StorageTargets.Create(settings, loggers), KeyLoader.Verification(settings.Keys));
}
