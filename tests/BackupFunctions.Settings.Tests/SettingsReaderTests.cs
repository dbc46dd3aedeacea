using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Read_NothingGiven_HasDefaults()
    {
        var settings = Given.Settings();

        settings.ClusterName.ShouldBe("main");
        settings.Servers.ShouldBeEmpty();
        settings.Databases.ShouldBeEmpty();
        settings.Targets.ShouldBeEmpty();
        settings.RequiredCopies.ShouldBe(1);
        settings.Compression.ShouldBe("zstd");
        settings.CompressionLevel.ShouldBeNull();
        settings.DumpJobs.ShouldBe(4);
        settings.RestoreJobs.ShouldBe(4);
        settings.ReadHedgeDelay.ShouldBe(TimeSpan.FromSeconds(2));
        settings.SlowTargetAllowance.ShouldBe(TimeSpan.FromSeconds(60));
        settings.RunStorePath.ShouldBe(Path.Combine(SettingsReader.DefaultDataFolder(), "runs"));
        settings.WorkPath.ShouldBe(Path.Combine(SettingsReader.DefaultDataFolder(), "work"));
        settings.PostgresBinaries.ShouldBeNull();
    }

    [Fact]
    public void Read_CatalogConnection_IsASecretByFileOrValueBeforeThatOfTheHost()
    {
        Given.Settings(("HOST_CATALOG", "Host=/run/pgdr")).CatalogConnection!.Read().ShouldBe("Host=/run/pgdr");
        var named = Given.Settings(("HOST_CATALOG", "Host=/run/pgdr"), ("CATALOG_CONNECTION", "Host=db;Password=canary")).CatalogConnection!;
        named.Read().ShouldBe("Host=db;Password=canary");
        named.ToString().ShouldNotContain("canary");
        Given.Settings(("CATALOG_CONNECTION", "ignored"), ("CATALOG_CONNECTION_PATH", "/etc/pgdr/catalog")).CatalogConnection!.Name.ShouldBe("catalog");
        Given.Settings().CatalogConnection.ShouldBeNull();
    }

    [Fact]
    public void Read_EmptyTexts_CountAsNotGiven()
    {
        var settings = Given.Settings(
            ("CLUSTER_NAME", ""), ("POSTGRES_BIN", ""), ("BACKUP_DUMP_JOBS", ""), ("R2_BUCKET", ""), ("R2_ACCESS_KEY", ""), ("LOCAL_BACKUP_PATH", ""));

        settings.ClusterName.ShouldBe("main");
        settings.PostgresBinaries.ShouldBeNull();
        settings.DumpJobs.ShouldBe(4);
        settings.Targets.ShouldBeEmpty();
    }

    [Fact]
    public void Read_DataFolder_HoldsRunsAndWorkUnlessTheyAreNamed()
    {
        var settings = Given.Settings(("DATA_FOLDER", "/data"), ("WORK_PATH", "/scratch/work"));

        settings.RunStorePath.ShouldBe("/data/runs");
        settings.WorkPath.ShouldBe("/scratch/work");
    }

    [Fact]
    public void Read_RelativePaths_BecomeFullPaths()
    {
        var settings = Given.Settings(("RUN_STORE_PATH", "runs"), ("WORK_PATH", "work"), ("LOCAL_BACKUP_PATH", "backups"));

        settings.RunStorePath.ShouldBe(Path.GetFullPath("runs"));
        settings.WorkPath.ShouldBe(Path.GetFullPath("work"));
        settings.Targets[0].Path.ShouldBe(Path.GetFullPath("backups"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("prod-eu-1")]
    public void Read_ClusterName_IsTaken(string name) => Given.Settings(("CLUSTER_NAME", name)).ClusterName.ShouldBe(name);

    [Theory]
    [InlineData("Prod")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("main\n")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghij1")]
    public void Read_OtherClusterName_IsRefused(string name) => Given.Refused(("CLUSTER_NAME", name)).ShouldContain("CLUSTER_NAME");

    [Theory]
    [InlineData("BACKUP_DUMP_JOBS", "0")]
    [InlineData("BACKUP_DUMP_JOBS", "65")]
    [InlineData("BACKUP_DUMP_JOBS", "-1")]
    [InlineData("BACKUP_DUMP_JOBS", "four")]
    [InlineData("BACKUP_DUMP_JOBS", "4.0")]
    [InlineData("BACKUP_DUMP_JOBS", " 4")]
    [InlineData("RESTORE_JOBS", "99999999999999999999")]
    [InlineData("BACKUP_COMPRESSION_LEVEL", "0")]
    [InlineData("BACKUP_COMPRESSION_LEVEL", "20")]
    [InlineData("BACKUP_REQUIRED_COPIES", "0")]
    [InlineData("HEALTH_CHECK_ATTEMPTS", "0")]
    [InlineData("HEALTH_CHECK_INTERVAL", "3601")]
    public void Read_NumberOutOfRange_NamesSettingAndRange(string name, string value)
    {
        var sentence = Given.Refused((name, value));

        sentence.ShouldContain(name);
        sentence.ShouldContain("whole number from 1 to");
    }

    [Theory]
    [InlineData("zstd", "20", "zstd takes a whole number from 1 to 19")]
    [InlineData("gzip", "10", "gzip takes a whole number from 1 to 9")]
    public void Read_LevelTheMethodDoesNotHave_NamesMethodAndRange(string method, string level, string why) =>
        Given.Refused(("BACKUP_COMPRESSION", method), ("BACKUP_COMPRESSION_LEVEL", level))
            .ShouldBe($"Setting BACKUP_COMPRESSION_LEVEL is not usable: {why}.");

    [Fact]
    public void Read_Numbers_AreTaken()
    {
        var settings = Given.Settings(("BACKUP_DUMP_JOBS", "64"), ("RESTORE_JOBS", "1"), ("BACKUP_COMPRESSION_LEVEL", "19"));

        settings.DumpJobs.ShouldBe(64);
        settings.RestoreJobs.ShouldBe(1);
        settings.CompressionLevel.ShouldBe(19);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public void Read_Compression_IsTaken(string method) => Given.Settings(("BACKUP_COMPRESSION", method)).Compression.ShouldBe(method);

    [Theory]
    [InlineData("lz4")]
    [InlineData("ZSTD")]
    public void Read_OtherCompression_NamesTheChoices(string method) =>
        Given.Refused(("BACKUP_COMPRESSION", method)).ShouldContain("zstd, gzip");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void Read_RequiredCopiesNotGiven_IsTwoOrWhatThereIs(int targets, int expected) =>
        Given.Settings([.. Enumerable.Range(0, targets).SelectMany(LocalTarget)]).RequiredCopies.ShouldBe(expected);

    [Fact]
    public void Read_MoreCopiesThanTargets_IsRefused()
    {
        var sentence = Given.Refused([.. LocalTarget(1), ("BACKUP_REQUIRED_COPIES", "2")]);

        sentence.ShouldContain("BACKUP_REQUIRED_COPIES");
        sentence.ShouldContain("2 copies but 1 targets");
    }

    private static (string Name, string? Value)[] LocalTarget(int number) =>
        [($"Targets__disk{number}__Type", "local"), ($"Targets__disk{number}__Path", $"/mnt/{number}")];
}
