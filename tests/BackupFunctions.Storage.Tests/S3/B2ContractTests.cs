using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Stands in for B2: no conditional writes.</summary>
[Collection(CephCollection.Name)]
public sealed class B2ContractTests(CephFixture ceph) : S3TargetContract
{
    protected override CephGateway Gateway => ceph.SecondGateway;

    protected override S3Profile Profile => S3Profile.B2;

    protected override bool RefusesToReplace(int size) => false;
}
