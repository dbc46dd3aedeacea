namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>Tests that share one server; each has targets and work folders of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
