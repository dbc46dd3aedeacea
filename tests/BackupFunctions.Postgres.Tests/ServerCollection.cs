namespace BackupFunctions.Postgres.Tests;

/// <summary>Tests that share one server; each makes databases and roles of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
