namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>Tests that mostly wait, on a server of their own beside the others.</summary>
[CollectionDefinition(Name)]
public sealed class SlowStateServerCollection : ICollectionFixture<StateServer>
{
    public const string Name = "state server of tests that wait";
}
