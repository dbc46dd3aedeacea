namespace BackupFunctions.Faults.Tests.Support;

/// <summary>Tests that share the servers; each has buckets and folders of its own.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultFixture>
{
    public const string Name = "faults";
}
