namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

[CollectionDefinition(Name)]
public sealed class HttpHostCollection : ICollectionFixture<HttpHostFixture>
{
    public const string Name = "one host with HTTP functions";
}
