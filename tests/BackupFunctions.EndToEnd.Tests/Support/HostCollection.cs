namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>What one running host offers, on a server of its own, so that it can run beside <see cref="RunbookCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class HostCollection : ICollectionFixture<HostServer>
{
    public const string Name = "host";
}
