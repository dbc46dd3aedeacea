using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.Settings;

public sealed class HostJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_DocumentedPlaces_AreApplied()
    {
        var host = Read("""
            {
              // comments are allowed
              "version": "2.0",
              "logging": { "logLevel": { "default": "Warning", "Function": "Debug" } },
              "extensions": {
                "http": { "routePrefix": "/v1/" },
                "durableTask": { "hubName": "Hub", "defaultVersion": "1.2", "maxConcurrentActivityFunctions": 3, "storeInputsInOrchestrationHistory": true }
              },
            }
            """);

        host.RoutePrefix.ShouldBe("v1");
        host.HubName.ShouldBe("Hub");
        host.DefaultVersion.ShouldBe("1.2");
        host.MaxConcurrentActivityFunctions.ShouldBe(3);
        host.MaxConcurrentOrchestratorFunctions.ShouldBeNull();
        host.StoreInputsInOrchestrationHistory.ShouldBe(true);
        host.LogLevels.ShouldBe([new("Logging:LogLevel:default", "Warning"), new("Logging:LogLevel:Function", "Debug")]);
        host.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public void Read_NoFile_GivesDefaults()
    {
        var host = HostJson.Read(_folder["absent.json"]);

        host.RoutePrefix.ShouldBe("api");
        host.HubName.ShouldBeNull();
        host.Warnings().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{ "version": "2.0", "logging": { "extensions": { "durableTask": { "hubName": "lost" } } } }""", "'extensions' inside 'logging'")]
    [InlineData("""{ "version": "2.0", "logging": { "durableTask": {} } }""", "'durableTask' inside 'logging'")]
    [InlineData("""{ "version": "2.0", "durableTask": { "hubName": "lost" } }""", "move it into 'extensions'")]
    [InlineData("""{ "version": "2.0", "http": { "routePrefix": "x" } }""", "'http', which the embedded host does not apply")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "00:10:00" }""", "'functionTimeout'")]
    [InlineData("""{ "version": "2.0", "extension": {} }""", "unknown key 'extension'")]
    [InlineData("""{ "version": "3.0" }""", "version '3.0'")]
    public void Warnings_WithoutEffect_NameThePlace(string json, string expected) =>
        Read(json).Warnings().ShouldHaveSingleItem().ShouldContain(expected);

    [Fact]
    public void HubName_BelowLogging_IsNotApplied() =>
        Read("""{ "logging": { "extensions": { "durableTask": { "hubName": "lost" } } } }""").HubName.ShouldBeNull();

    [Theory]
    [InlineData("{ \"version\": \"2.0\",\n \"extensions\": }", "line 2")]
    [InlineData("[]", "one JSON object")]
    [InlineData("", "line 1")]
    [InlineData("""{ "version": "2.0", "version": "2.0" }""", "not valid JSON")]
    public void Read_BrokenJson_NamesThePlace(string json, string expected) => Fails(() => Read(json)).ShouldContain(expected);

    [Theory]
    [InlineData("""{ "extensions": { "durableTask": { "hubName": 5 } } }""", "extensions.durableTask.hubName must be a text")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "must be a whole number above 0")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": "7" } } }""", "must be a whole number above 0")]
    [InlineData("""{ "extensions": { "durableTask": { "storeInputsInOrchestrationHistory": "no" } } }""", "must be true or false")]
    public void Value_WrongKind_NamesTheKey(string json, string expected)
    {
        var host = Read(json);

        Fails(() => _ = (host.HubName, host.MaxConcurrentActivityFunctions, host.StoreInputsInOrchestrationHistory)).ShouldContain(expected);
    }

    private static string Fails(Action action)
    {
        var error = Should.Throw<PgdrException>(action);
        error.Code.ShouldBe(ErrorCodes.InvalidSettings);
        return error.Message;
    }

    private HostJson Read(string json)
    {
        File.WriteAllText(_folder["host.json"], json);
        return HostJson.Read(_folder["host.json"]);
    }
}
