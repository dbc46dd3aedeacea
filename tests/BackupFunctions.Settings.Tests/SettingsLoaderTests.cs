using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Tests;

/// <summary>The only tests that set environment variables, each with names of its own except for the file's, so they run one after another.</summary>
public sealed class SettingsLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(SettingsLoader.FileVariable);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SettingsLoader.FileVariable, _before);
        Environment.SetEnvironmentVariable("PGDR_TEST_Servers__main__Host", value: null);
        Environment.SetEnvironmentVariable("PGDR_TEST_WINS", value: null);
        _folder.Dispose();
    }

    [Fact]
    public void Load_File_GivesItsValues()
    {
        var configuration = Load(
            """
            {
              // a comment
              "IsEncrypted": false,
              "Values": { "CLUSTER_NAME": "prod", "Servers__main__Host": "db1", "Servers:main:Port": 6432, "FLAG": true, "NOTHING": null, },
            }
            """);

        configuration["CLUSTER_NAME"].ShouldBe("prod");
        configuration["cluster_name"].ShouldBe("prod");
        configuration["Servers:main:Host"].ShouldBe("db1");
        configuration["Servers:main:Port"].ShouldBe("6432");
        configuration["FLAG"].ShouldBe("true");
        configuration["NOTHING"].ShouldBeNullOrEmpty();
    }

    [Fact]
    public void Load_EnvironmentVariables_WinOverTheFile()
    {
        Environment.SetEnvironmentVariable("PGDR_TEST_WINS", "environment");
        Environment.SetEnvironmentVariable("PGDR_TEST_Servers__main__Host", "db2");

        var configuration = Load("""{ "Values": { "PGDR_TEST_WINS": "file", "PGDR_TEST_Servers__main__Host": "db1" } }""");

        configuration["PGDR_TEST_WINS"].ShouldBe("environment");
        configuration["PGDR_TEST_Servers:main:Host"].ShouldBe("db2");
    }

    [Fact]
    public void Load_FileWithoutValues_IsEmpty() => Load("{}")["CLUSTER_NAME"].ShouldBeNull();

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "Values": [] }""")]
    [InlineData("""{ "Values": { "A__B": "1", "A:B": "2" } }""")]
    [InlineData("""{ "Values": { "A": "1", "a": "2" } }""")]
    public void Load_FileThatCannotBeUsed_IsNamed(string text) => Refused(() => Load(text), _folder["settings.json"]);

    [Fact]
    public void Load_NamedFileMissing_IsRefused()
    {
        Environment.SetEnvironmentVariable(SettingsLoader.FileVariable, _folder["none.json"]);

        Refused(SettingsLoader.Load, _folder["none.json"]);
    }

    private static void Refused(Func<IConfiguration> load, string path)
    {
        var failure = Should.Throw<PgdrException>(load);
        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.Message.ShouldContain(path);
    }

    private IConfiguration Load(string text)
    {
        File.WriteAllText(_folder["settings.json"], text);
        Environment.SetEnvironmentVariable(SettingsLoader.FileVariable, _folder["settings.json"]);
        return SettingsLoader.Load();
    }
}
