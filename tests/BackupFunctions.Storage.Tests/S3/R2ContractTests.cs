using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Stands in for R2: conditional puts, unconditional completion of multipart uploads.</summary>
[Collection(CephCollection.Name)]
public sealed class R2ContractTests(CephFixture ceph) : S3TargetContract
{
    protected override CephGateway Gateway => ceph.Gateway;

    protected override S3Profile Profile => S3Profile.R2;

    protected override bool RefusesToReplace(int size) => size <= CephFixture.PartSize;
}
