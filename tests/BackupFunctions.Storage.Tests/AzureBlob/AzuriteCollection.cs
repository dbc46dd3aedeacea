using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Storage.Tests.AzureBlob;

[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word for it.")]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
