namespace BackupFunctions.EmbeddedHost.Tests.Support;

[CollectionDefinition(Name)]
public sealed class StateServerCollection : ICollectionFixture<StateServer>
{
    public const string Name = "stored state";
}
