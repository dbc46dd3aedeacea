using BackupFunctions.Catalog;
using BackupFunctions.Listing;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Http;

/// <summary>Backups that are not deleted: from the catalog, or, with <c>?fromStorage=true</c>, from storage whatever the catalog says.</summary>
internal static class BackupQuery
{
    private const string FromStorage = "fromStorage";

    public static Task<BackupListing> ListAsync(
        HttpRequest request, StorageCatalog storage, CatalogAccess catalog, string? only, CancellationToken cancellationToken) =>
        bool.TryParse(request.Query[FromStorage], out var fromStorage) && fromStorage
            ? storage.ListAsync(cancellationToken)
            : catalog.Lists(storage).ListAsync(withDeleted: false, only, cancellationToken);
}
