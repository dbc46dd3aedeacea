using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class ConfigurationBackupSettingsReaderTests
{
    [Fact]
    public void Read_NothingGiven_HasDefaults()
    {
        var configuration = Given.Settings().Configuration;

        configuration.Files.ShouldBeEmpty();
        configuration.FileLimit.ShouldBe(1 << 20);
        configuration.RolePasswords.ShouldBeFalse();
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var configuration = Given.Settings(
            ("CONFIGURATION_FILES", "/etc/app/*.ini; /opt/**/x.yaml;"), ("CONFIGURATION_FILE_LIMIT", "10"), ("CONFIGURATION_ROLE_PASSWORDS", "true")).Configuration;

        configuration.Files.ShouldBe(["/etc/app/*.ini", "/opt/**/x.yaml"]);
        configuration.FileLimit.ShouldBe(10 << 20);
        configuration.RolePasswords.ShouldBeTrue();
    }

    [Theory]
    [InlineData("CONFIGURATION_FILES", "etc/app.ini")]
    [InlineData("CONFIGURATION_FILES", "/etc/../root/*")]
    [InlineData("CONFIGURATION_FILES", "/")]
    [InlineData("CONFIGURATION_FILE_LIMIT", "0")]
    [InlineData("CONFIGURATION_FILE_LIMIT", "65")]
    [InlineData("CONFIGURATION_ROLE_PASSWORDS", "yes")]
    public void Read_OfWhatCannotBe_NamesTheSetting(string name, string value) => Given.Refused((name, value)).ShouldContain(name);

    [Fact]
    public void Read_FoldersOfClientPrograms_ComeBeforeTheOneOfAllPrograms()
    {
        Given.Settings(("POSTGRES_BIN", "/a")).PostgresBinaries.ShouldBe("/a");
        Given.Settings(("POSTGRES_BIN", "/a"), ("POSTGRES_CLIENT_BIN", "/b:/c")).PostgresBinaries.ShouldBe("/b:/c");
    }
}
