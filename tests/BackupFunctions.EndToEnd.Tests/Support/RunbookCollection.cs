namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Recoveries that are interrupted; one after the other on one server.</summary>
[CollectionDefinition(Name)]
public sealed class RunbookCollection : ICollectionFixture<SampleServer>
{
    public const string Name = "runbook";
}
