namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Recoveries from a real S3 store.</summary>
[CollectionDefinition(Name)]
public sealed class S3Collection : ICollectionFixture<S3SampleServer>
{
    public const string Name = "S3";
}
