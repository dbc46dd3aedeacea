using BackupFunctions.Contracts;
using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class TargetSettingsReaderTests
{
    private static readonly (string Name, string? Value)[] R2 =
        [("R2_BUCKET", "dr"), ("R2_ACCOUNT_ID", "0123abcd"), ("R2_ACCESS_KEY", "r2-key"), ("R2_SECRET_KEY", "r2-secret")];

    private static readonly (string Name, string? Value)[] B2 =
        [("B2_BUCKET_NAME", "dr"), ("B2_REGION", "eu-central-003"), ("B2_KEY_ID", "b2-key"), ("B2_APPLICATION_KEY", "b2-secret")];

    private static readonly (string Name, string? Value)[] Ceph =
    [
        ("Targets__ceph__Type", "s3"), ("Targets__ceph__Endpoint", "http://ceph:7480"), ("Targets__ceph__Bucket", "dr"),
        ("Targets__ceph__AccessKey", "key"), ("Targets__ceph__SecretKey", "ceph-secret"),
    ];

    private static readonly (string Name, string? Value) Local = ("LOCAL_BACKUP_PATH", "/backups");

    [Fact]
    public void Read_R2_EndpointFollowsFromTheAccount()
    {
        var target = Given.Settings(R2).Targets.ShouldHaveSingleItem();

        target.Name.ShouldBe("r2");
        target.Type.ShouldBe(TargetType.S3);
        target.Endpoint.ShouldBe(new Uri("https://0123abcd.r2.cloudflarestorage.com"));
        target.Region.ShouldBe("auto");
        target.Bucket.ShouldBe("dr");
        target.AccessKey.ShouldBe("r2-key");
        target.SecretKey!.Read().ShouldBe("r2-secret");
    }

    [Fact]
    public void Read_R2Endpoint_WinsOverTheAccount() =>
        Given.Settings([.. R2, ("R2_ENDPOINT", "https://0123abcd.eu.r2.cloudflarestorage.com")]).Targets[0].Endpoint
            .ShouldBe(new Uri("https://0123abcd.eu.r2.cloudflarestorage.com"));

    [Fact]
    public void Read_B2_EndpointFollowsFromTheRegion()
    {
        var target = Given.Settings(B2).Targets.ShouldHaveSingleItem();

        target.Name.ShouldBe("b2");
        target.Endpoint.ShouldBe(new Uri("https://s3.eu-central-003.backblazeb2.com"));
        target.Region.ShouldBe("eu-central-003");
        target.AccessKey.ShouldBe("b2-key");
        target.SecretKey!.Read().ShouldBe("b2-secret");
    }

    [Fact]
    public void Read_Named_IsTaken()
    {
        var target = Given.Settings(Ceph).Targets.ShouldHaveSingleItem();

        target.Name.ShouldBe("ceph");
        target.Endpoint.ShouldBe(new Uri("http://ceph:7480"));
        target.Region.ShouldBe("us-east-1");
        target.SecretKey!.Read().ShouldBe("ceph-secret");
    }

    [Theory]
    [InlineData("R2_ACCOUNT_ID", "R2_ACCOUNT_ID")]
    [InlineData("R2_ACCESS_KEY", "R2_ACCESS_KEY")]
    [InlineData("R2_SECRET_KEY", "R2_SECRET_KEY")]
    [InlineData("R2_BUCKET", "R2_BUCKET")]
    [InlineData("B2_REGION", "B2_REGION")]
    [InlineData("B2_KEY_ID", "B2_KEY_ID")]
    [InlineData("B2_APPLICATION_KEY", "B2_APPLICATION_KEY")]
    [InlineData("B2_BUCKET_NAME", "B2_BUCKET_NAME")]
    [InlineData("Targets__ceph__Type", "Targets:ceph:Type")]
    [InlineData("Targets__ceph__Endpoint", "Targets:ceph:Endpoint")]
    [InlineData("Targets__ceph__Bucket", "Targets:ceph:Bucket")]
    [InlineData("Targets__ceph__AccessKey", "Targets:ceph:AccessKey")]
    [InlineData("Targets__ceph__SecretKey", "Targets:ceph:SecretKey")]
    public void Read_OnePartMissing_IsNamed(string missing, string named) =>
        Given.Refused([.. R2, .. B2, .. Ceph, (missing, null)]).ShouldContain($"Setting {named} ");

    [Theory]
    [InlineData("R2_ENDPOINT", "R2_ENDPOINT")]
    [InlineData("B2_ENDPOINT", "B2_ENDPOINT")]
    [InlineData("Targets__ceph__Endpoint", "Targets:ceph:Endpoint")]
    public void Read_EndpointThatIsNoUrl_IsRefused(string setting, string named)
    {
        Given.Refused([.. R2, .. B2, .. Ceph, (setting, "ceph.example:7480")]).ShouldContain($"Setting {named} ");
        Given.Refused([.. R2, .. B2, .. Ceph, (setting, "ftp://ceph.example")]).ShouldContain("http://");
    }

    [Fact]
    public void Read_LocalWithoutPath_IsRefused() => Given.Refused(("Targets__disk__Type", "local")).ShouldContain("Targets:disk:Path");

    [Fact]
    public void Read_SecretInAFile_IsReadLate()
    {
        using var folder = new TemporaryFolder();
        var target = Given.Settings([.. R2, ("R2_SECRET_KEY_PATH", folder["r2.secret"])]).Targets[0];

        File.WriteAllText(folder["r2.secret"], "from the file\n");

        target.SecretKey!.Read().ShouldBe("from the file");
    }

    [Fact]
    public void Read_NoOrder_IsR2ThenB2ThenLocalThenTheOthersByName() =>
        Names([Local, .. Ceph, ("Targets__aws__Type", "local"), ("Targets__aws__Path", "/aws"), .. B2, .. R2]).ShouldBe(["r2", "b2", "local", "aws", "ceph"]);

    [Fact]
    public void Read_Order_PutsTheNamedFirst() =>
        Names([.. R2, .. B2, Local, .. Ceph, ("STORAGE_ORDER", " ceph, LOCAL ")]).ShouldBe(["ceph", "local", "b2", "r2"]);

    [Fact]
    public void Read_OrderNamesAShortNameNotSetUp_IsTaken() => Names([Local, ("STORAGE_ORDER", "r2,b2,local")]).ShouldBe(["local"]);

    [Fact]
    public void Read_OrderNamesAnUnknownTarget_IsRefused() => Given.Refused(Local, ("STORAGE_ORDER", "local,cef")).ShouldContain("'cef'");

    [Fact]
    public void Read_NamedLikeAShortName_TakesItsPlace()
    {
        var settings = Given.Settings([.. R2, ("Targets__R2__Type", "local"), ("Targets__R2__Path", "/instead")]);

        settings.Targets.ShouldHaveSingleItem().Path.ShouldBe("/instead");
    }

    [Theory]
    [InlineData("/backups")]
    [InlineData("/backups/")]
    [InlineData("/backups/../backups")]
    public void Read_TwoTargetsInOneFolder_IsRefused(string path)
    {
        var sentence = Given.Refused(Local, ("Targets__second__Type", "local"), ("Targets__second__Path", path));

        sentence.ShouldContain("'second' and 'local'");
    }

    [Fact]
    public void Read_TwoTargetsInOneBucket_IsRefused()
    {
        var second = Ceph.Select(setting => (setting.Name.Replace("ceph", "copy", StringComparison.Ordinal), setting.Value)).ToArray();

        Given.Refused([.. Ceph, .. second]).ShouldContain("same place");
        Given.Settings([.. Ceph, .. second, ("Targets__copy__Bucket", "other")]).Targets.Count.ShouldBe(2);
    }

    [Fact]
    public void ToString_Target_DoesNotShowTheSecret()
    {
        var settings = Given.Settings([.. R2, .. B2, .. Ceph]);

        string.Join(' ', settings.Targets).ShouldNotContain("-secret");
        settings.ToString().ShouldNotContain("-secret");
    }

    private static IEnumerable<string> Names((string Name, string? Value)[] values) => Given.Settings(values).Targets.Select(target => target.Name);

    [Fact]
    public void Read_AzureBlobByKey_IsTaken()
    {
        var target = Given.Settings(
        [
            ("Targets__blob__Type", "azure-blob"), ("Targets__blob__Endpoint", "https://account.blob.core.windows.net"),
            ("Targets__blob__Container", "backups"), ("Targets__blob__AccountKey", "a2V5"),
        ]).Targets.ShouldHaveSingleItem();

        target.Type.ShouldBe(TargetType.AzureBlob);
        target.Endpoint.ShouldBe(new Uri("https://account.blob.core.windows.net"));
        target.Container.ShouldBe("backups");
        target.AccountKey!.Read().ShouldBe("a2V5");
    }

    [Fact]
    public void Read_AzureBlobBySasUrl_NeedsNothingElse() =>
        Given.Settings([("Targets__blob__Type", "azure-blob"), ("Targets__blob__SasUrl", "https://account.blob.core.windows.net/backups?sig=s")])
            .Targets.ShouldHaveSingleItem().SasUrl!.Read().ShouldEndWith("sig=s");

    [Theory]
    [InlineData("Targets__blob__Container", "backups", "Targets:blob:Endpoint")]
    [InlineData("Targets__blob__Endpoint", "https://account.blob.core.windows.net", "Targets:blob:Container")]
    [InlineData("Targets__blob__ConnectionString", "text", "Targets:blob:Container")]
    public void Read_AzureBlobWithoutItsPlace_IsNamed(string given, string value, string named) =>
        Given.Refused([("Targets__blob__Type", "azure-blob"), (given, value)]).ShouldContain($"Setting {named} ");

    [Theory]
    [InlineData("SasUrl", "AccountKey", "keep one")]
    [InlineData("SasUrl", "ConnectionStringFile", "keep one")]
    [InlineData("ConnectionString", "Endpoint", "keep one")]
    public void Read_AzureBlobWithTwoCredentialsOrPlaces_IsRefused(string first, string second, string problem) =>
        Given.Refused(
            [
                ("Targets__blob__Type", "azure-blob"), ("Targets__blob__Container", "backups"), ($"Targets__blob__{first}", "https://a/?sig=s"),
                ($"Targets__blob__{second}", "https://b"),
            ])
            .ShouldContain(problem);

    [Theory]
    [InlineData(null, null, null, 0)]
    [InlineData("none", "30", null, 0)]
    [InlineData("governance", "30", ObjectLockMode.Governance, 30)]
    [InlineData("compliance", "1", ObjectLockMode.Compliance, 1)]
    public void Read_ObjectLock_IsTaken(string? mode, string? days, ObjectLockMode? expected, int expectedDays)
    {
        var ceph = Given.Settings([.. Ceph, ("Targets__ceph__ObjectLock", mode), ("Targets__ceph__ObjectLockDays", days)]).Targets[0];
        var b2 = Given.Settings([.. B2, ("B2_OBJECT_LOCK", mode), ("B2_OBJECT_LOCK_DAYS", days)]).Targets[0];

        (ceph.ObjectLock, ceph.ObjectLockDays).ShouldBe((expected, expectedDays));
        (b2.ObjectLock, b2.ObjectLockDays).ShouldBe((expected, expectedDays));
    }

    [Theory]
    [InlineData("strict", "30", "Targets:ceph:ObjectLock ")]
    [InlineData("governance", null, "Targets:ceph:ObjectLockDays ")]
    [InlineData("compliance", "0", "Targets:ceph:ObjectLockDays ")]
    public void Read_ObjectLockThatMakesNoSense_IsNamed(string mode, string? days, string named) =>
        Given.Refused([.. Ceph, ("Targets__ceph__ObjectLock", mode), ("Targets__ceph__ObjectLockDays", days)]).ShouldContain($"Setting {named}");

    [Fact]
    public void Read_ObjectLockOfAFolder_IsRefused() =>
        Given.Refused(("Targets__disk__Type", "local"), ("Targets__disk__Path", "/d"), ("Targets__disk__ObjectLock", "governance")).ShouldContain("no locks");

    [Fact]
    public void ReadPatience_IsShortWhereAnotherTargetCanServe()
    {
        Given.Settings(R2).ReadPatience.ShouldBe(TimeSpan.FromSeconds(10));
        Given.Settings([.. R2, .. B2]).ReadPatience.ShouldBe(TimeSpan.FromSeconds(3));
        Given.Settings([.. R2, .. B2, ("STORAGE_READ_PATIENCE", "7")]).ReadPatience.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void PatienceWithSlowTargets_IsInSeconds()
    {
        var settings = Given.Settings(("READ_HEDGE_DELAY", "5"), ("SLOW_TARGET_ALLOWANCE", "300"));

        settings.ReadHedgeDelay.ShouldBe(TimeSpan.FromSeconds(5));
        settings.SlowTargetAllowance.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("READ_HEDGE_DELAY", "0")]
    [InlineData("READ_HEDGE_DELAY", "601")]
    [InlineData("SLOW_TARGET_ALLOWANCE", "1m")]
    [InlineData("SLOW_TARGET_ALLOWANCE", "86401")]
    public void PatienceWithSlowTargets_OutOfBounds_IsRefused(string name, string value) =>
        Given.Refused((name, value)).ShouldContain($"Setting {name} is not usable");
}
