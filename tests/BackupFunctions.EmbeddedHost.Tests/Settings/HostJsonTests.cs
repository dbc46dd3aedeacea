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
    [InlineData("""{ "version": "2.0", "http": { "routePrefix": "x" } }""", "'http' at the top, where it has no effect: move it into 'extensions'.")]
    [InlineData("""{ "version": "2.0", "Extensions": {} }""", "unknown key 'Extensions' at the top, which has no effect; did you mean 'extensions'?")]
    [InlineData("""{ "version": "2.0", "extensions": { "durabletask": { "hubnam": "x" } } }""", "did you mean 'hubName'?")]
    [InlineData("""{ "version": "2.0", "extensions": { "hubName": "x" } }""", "inside 'extensions', where it has no effect: move it into 'extensions.durableTask'.")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "routePrefix": "x" } } }""", "move it into 'extensions.http'.")]
    [InlineData("""{ "version": "2.0", "extensions": { "logging": {} } }""", "move it to the top.")]
    [InlineData("""{ "version": "2.0", "extensions": { "kafka": {} } }""", "unknown key 'kafka' inside 'extensions', which has no effect.")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "maxConcurrentRequests": 5 } } }""", "'extensions.http.maxConcurrentRequests', which the embedded host does not apply.")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "hsts": { "isEnabled": true } } } }""", "the proxy that speaks https")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "storageProvider": { "type": "azureManaged" } } } }""", "see STATE_CONNECTION")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "extendedSessionsEnabled": true } } }""", "always does what 'false' means")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "httpSettings": { "useForwardedHosts": true } } } }""", "did you mean 'useForwardedHost'?")]
    [InlineData("""{ "version": "2.0", "extensions": 5 }""", "'extensions' must be a section in braces")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevels": {} } }""", "did you mean 'logLevel'?")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "00:10:00" }""", "'functionTimeout'")]
    [InlineData("""{ "version": "2.0", "extension": {} }""", "unknown key 'extension'")]
    [InlineData("""{ "version": "3.0" }""", "version '3.0'")]
    public void Warnings_WithoutEffect_NameThePlace(string json, string expected) =>
        Read(json).Warnings().ShouldHaveSingleItem().ShouldContain(expected);

    [Fact]
    public void Warnings_SeveralKeys_OneSentenceEach() =>
        Read("""{ "version": "2.0", "retry": {}, "x": 1, "extensions": { "durableTask": { "useGracefulShutdown": true, "tracing": {}, "hubName": "h" } } }""")
            .Warnings().Count().ShouldBe(3);

    [Fact]
    public void Values_KeysInOtherCaseBelowTheTop_AreApplied()
    {
        var host = Read("""{ "extensions": { "DURABLETASK": { "HubName": "h", "OverridableExistingInstanceStates": "anystate" }, "Http": { "ROUTEPREFIX": "p" } } }""");

        (host.HubName, host.OverridesRunningInstances, host.RoutePrefix).ShouldBe(("h", true, "p"));
        host.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public void Values_TopKeyInOtherCase_IsNotApplied() => Read("""{ "Extensions": { "http": { "routePrefix": "p" } } }""").RoutePrefix.ShouldBe("api");

    [Fact]
    public void CustomHeaders_Texts_AreRead() =>
        Read("""{ "extensions": { "http": { "customHeaders": { "X-Frame-Options": "DENY" } } } }""").CustomHeaders["x-frame-options"].ShouldBe("DENY");

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"a\\r\\nb: c\"")]
    public void CustomHeaders_NoTextInOneLine_IsRefused(string value) =>
        Fails(() => _ = Read($"{{ \"extensions\": {{ \"http\": {{ \"customHeaders\": {{ \"X-A\": {value} }} }} }} }}").CustomHeaders)
            .ShouldContain("extensions.http.customHeaders.X-A must be a text in one line");

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
    [InlineData("""{ "extensions": { "durableTask": { "maxOrchestrationActions": -1 } } }""", "maxOrchestrationActions must be a whole number above 0")]
    [InlineData("""{ "extensions": { "durableTask": { "versionMatchStrategy": "Newer" } } }""", "versionMatchStrategy must be one of None, Strict, CurrentOrOlder")]
    [InlineData("""{ "extensions": { "durableTask": { "versionFailureStrategy": "1" } } }""", "versionFailureStrategy must be one of Reject, Fail")]
    [InlineData("""{ "extensions": { "durableTask": { "hubName": " " } } }""", "extensions.durableTask.hubName must be a text that is not empty")]
    [InlineData("""{ "extensions": { "durableTask": { "overridableExistingInstanceStates": "Some" } } }""", "must be 'NonRunningStates' or 'AnyState'")]
    [InlineData("""{ "extensions": { "durableTask": { "httpSettings": { "useForwardedHost": "x" } } } }""", "durableTask.httpSettings.useForwardedHost must be true or false")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "must be a whole number above 0")]
    [InlineData("""{ "extensions": { "durableTask": { "maxConcurrentActivityFunctions": "7" } } }""", "must be a whole number above 0")]
    [InlineData("""{ "extensions": { "durableTask": { "storeInputsInOrchestrationHistory": "no" } } }""", "must be true or false")]
    public void Value_WrongKind_NamesTheKey(string json, string expected)
    {
        var host = Read(json);

        Fails(host.EnsureValid).ShouldContain(expected);
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
