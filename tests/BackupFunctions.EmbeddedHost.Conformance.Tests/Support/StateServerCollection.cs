namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

[CollectionDefinition(Name)]
public sealed class StateServerCollection : ICollectionFixture<StateServer>
{
    public const string Name = "state server";
}
