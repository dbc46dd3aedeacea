namespace BackupFunctions.Catalog.Tests.Support;

[CollectionDefinition(Name)]
public sealed class CatalogServerCollection : ICollectionFixture<CatalogServer>, ICollectionFixture<TestKeys>
{
    public const string Name = "catalog server";
}
