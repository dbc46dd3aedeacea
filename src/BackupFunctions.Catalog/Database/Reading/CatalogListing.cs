namespace BackupFunctions.Catalog.Database.Reading;

/// <param name="Listing">What storage would list.</param>
/// <param name="Lost">Ids of backups that were there and that no target has any more, although nobody deleted them; newest first.</param>
internal sealed record CatalogListing(BackupListing Listing, IReadOnlyList<string> Lost);
