namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Recoveries to a point, one after the other on one server.</summary>
[CollectionDefinition(Name)]
public sealed class ArchiveCollection : ICollectionFixture<ArchivedSampleServer>
{
    public const string Name = "archive";
}
