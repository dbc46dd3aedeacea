namespace BackupFunctions.EmbeddedHost.Tests.Durable;

[CollectionDefinition(Name)]
public sealed class StateServerCollection : ICollectionFixture<StateServer>
{
    public const string Name = "state server";
}
