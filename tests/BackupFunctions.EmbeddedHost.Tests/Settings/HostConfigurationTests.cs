using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Tests.Settings;

public sealed class HostConfigurationTests : IDisposable
{
    private const string Local = """
        {
          "IsEncrypted": false,
          "Values": { "FUNCTIONS_WORKER_RUNTIME": "dotnet-isolated", "Targets__0__Name": "local", "PGDR_TEST_BOTH": "file", "Port:Number": "7" },
          "Host": { "LocalHttpPort": 7099, "CORS": "https://one.example, https://two.example" },
          "ConnectionStrings": { "Plain": "Host=a", "Described": { "ConnectionString": "Host=b", "ProviderName": "Npgsql" } }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PGDR_TEST_BOTH", null);
        _folder.Dispose();
    }

    [Fact]
    public void Load_LocalSettings_BecomeConfiguration()
    {
        File.WriteAllText(_folder["local.settings.json"], Local);

        var configuration = Load(settingsFile: null);

        configuration["FUNCTIONS_WORKER_RUNTIME"].ShouldBe("dotnet-isolated");
        configuration["Targets:0:Name"].ShouldBe("local");
        configuration["Port:Number"].ShouldBe("7");
        configuration.GetConnectionString("Plain").ShouldBe("Host=a");
        configuration.GetConnectionString("Described").ShouldBe("Host=b");
        var settings = HostSettings.From(configuration);
        settings.Url.ShouldBe(new Uri("http://127.0.0.1:7099"));
        settings.CorsOrigins.ShouldBe(["https://one.example", "https://two.example"]);
    }

    [Fact]
    public void Load_EnvironmentVariable_WinsOverFile_AndCommandLineOverBoth()
    {
        File.WriteAllText(_folder["local.settings.json"], Local);
        Environment.SetEnvironmentVariable("PGDR_TEST_BOTH", "environment");

        Load(settingsFile: null)["PGDR_TEST_BOTH"].ShouldBe("environment");
        Load(settingsFile: null, "--PGDR_TEST_BOTH=arguments")["PGDR_TEST_BOTH"].ShouldBe("arguments");
    }

    [Fact]
    public void Load_SettingsFileNamed_ReplacesTheOneBeside()
    {
        File.WriteAllText(_folder["local.settings.json"], Local);
        File.WriteAllText(_folder["other.json"], """{ "Values": { "PGDR_TEST_BOTH": "other" } }""");

        var configuration = Load(_folder["other.json"]);

        configuration["PGDR_TEST_BOTH"].ShouldBe("other");
        configuration["FUNCTIONS_WORKER_RUNTIME"].ShouldBeNull();
    }

    [Fact]
    public void Load_NamedFileMissing_SaysSo() =>
        Should.Throw<PgdrException>(() => Load(_folder["absent.json"])).Message.ShouldContain("absent.json cannot be read");

    [Fact]
    public void Load_EncryptedFile_SaysWhatToDo()
    {
        File.WriteAllText(_folder["local.settings.json"], """{ "IsEncrypted": true, "Values": {} }""");

        Should.Throw<PgdrException>(() => Load(settingsFile: null)).Message.ShouldContain("func settings decrypt");
    }

    [Theory]
    [InlineData("127.0.0.1:7071")]
    [InlineData("https://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:7071/path")]
    [InlineData("unix:/tmp/x")]
    public void HostUrl_NotAnHttpAddress_IsRefused(string url) =>
        Should.Throw<PgdrException>(() => From(("HOST_URL", url))).Message.ShouldContain("HOST_URL is");

    [Theory]
    [InlineData("LocalHost:LocalHttpPort", "seventy", "Host.LocalHttpPort is 'seventy'")]
    [InlineData("LocalHost:LocalHttpPort", "70000", "Host.LocalHttpPort is '70000'")]
    [InlineData("LocalHost:CORSCredentials", "perhaps", "Host.CORSCredentials is 'perhaps'")]
    public void LocalHost_WrongValue_IsNamed(string setting, string value, string expected) =>
        Should.Throw<PgdrException>(() => From((setting, value))).Message.ShouldContain(expected);

    [Fact]
    public void Cors_CredentialsForEverybody_AreRefused() =>
        Should.Throw<PgdrException>(() => From(("LocalHost:CORS", "*"), ("LocalHost:CORSCredentials", "true"))).Message.ShouldContain("name the origins");

    [Theory]
    [InlineData("http://*:8080", "http://0.0.0.0:8080/")]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0/")]
    [InlineData("http://[::1]:7071", "http://[::1]:7071/")]
    public void HostUrl_Address_IsTaken(string url, string expected) => From(("HOST_URL", url)).Url.ToString().ShouldBe(expected);

    [Fact]
    public void Defaults_NothingSet_ListenOnLoopbackWithOwnState()
    {
        var settings = From();

        settings.Url.ShouldBe(new Uri("http://127.0.0.1:7071"));
        settings.StateConnection.ShouldBeNull();
        settings.DataFolder.ShouldBe(Environment.IsPrivilegedProcess
            ? "/var/lib/backupfunctions"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".backupfunctions"));
    }

    private static HostSettings From(params (string Key, string Value)[] values) =>
        HostSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build());

    private ConfigurationManager Load(string? settingsFile, params string[] arguments)
    {
        var configuration = new ConfigurationManager();
        HostConfiguration.Load(configuration, HostJson.Read(_folder["host.json"]), _folder.Path, settingsFile, arguments);
        return configuration;
    }
}
