using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Storage.Tests.S3;

[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word for it.")]
public sealed class CephCollection : ICollectionFixture<CephFixture>
{
    public const string Name = "Ceph";
}
