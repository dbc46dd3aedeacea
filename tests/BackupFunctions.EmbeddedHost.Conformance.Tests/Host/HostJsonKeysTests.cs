using System.Text.Json.Nodes;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

public class HostJsonKeysTests
{
    [Theory]
    [InlineData("version", "\"2.0\"")]
    [InlineData("functionTimeout", "\"00:10:00\"")]
    [InlineData("retry", "{}")]
    [InlineData("functions", "[]")]
    [InlineData("watchDirectories", "[]")]
    [InlineData("watchFiles", "[]")]
    [InlineData("queues", "{}")]
    [InlineData("serviceBus", "{}")]
    [InlineData("eventHub", "{}")]
    [InlineData("singleton", "{}")]
    [InlineData("logging", "{}")]
    [InlineData("aggregator", "{}")]
    [InlineData("healthMonitor", "{}")]
    [InlineData("extensionBundle", "{}")]
    [InlineData("managedDependencies", "{}")]
    [InlineData("customHandler", "{}")]
    [InlineData("httpWorker", "{}")]
    [InlineData("extensions", "{}")]
    [InlineData("concurrency", "{}")]
    [InlineData("sendCanceledInvocationsToWorker", "true")]
    [InlineData("metadataProviderTimeout", "\"00:00:30\"")]
    [Conforms("Every key that the Functions host allows at the top of host.json is known here, applied or said not to be", Source.FunctionsHost)]
    public void TopKey_OfTheFunctionsHost_IsKnown(string key, string value) =>
        Messages($$"""{ "{{key}}": {{value}} }""").ShouldAllBe(message => message.Contains("does not apply", StringComparison.Ordinal));

    [Theory]
    [InlineData("hubName")]
    [InlineData("storageProvider")]
    [InlineData("tracing")]
    [InlineData("notifications")]
    [InlineData("httpSettings")]
    [InlineData("maxConcurrentActivityFunctions")]
    [InlineData("maxConcurrentOrchestratorFunctions")]
    [InlineData("extendedSessionsEnabled")]
    [InlineData("maxOrchestrationActions")]
    [InlineData("overridableExistingInstanceStates")]
    [InlineData("useGracefulShutdown")]
    [InlineData("storeInputsInOrchestrationHistory")]
    [InlineData("defaultVersion")]
    [InlineData("versionMatchStrategy")]
    [InlineData("versionFailureStrategy")]
    [Conforms("Every key of extensions.durableTask is known here, and named with its home where it is misplaced", Source.DurableExtension)]
    public void DurableTaskKey_IsKnown_AndSentHomeFromElsewhere(string key)
    {
        Messages($$"""{ "extensions": { "durableTask": { "{{key}}": {} } } }""").ShouldNotContain(message => message.Contains("unknown", StringComparison.Ordinal));
        Messages($$"""{ "extensions": { "{{key}}": {} } }""").ShouldHaveSingleItem().ShouldEndWith("move it into 'extensions.durableTask'.");
    }

    [Fact]
    [Conforms("extensions inside logging, as in the SDK's own sample, is found: it would be ignored in silence", Source.DurableTaskDotnet)]
    public void Extensions_InsideLogging_AreFound() =>
        Messages("""{ "version": "2.0", "logging": { "logLevel": {}, "extensions": { "durableTask": { "hubName": "lost" } } } }""")
            .ShouldHaveSingleItem().ShouldBe("host.json has 'extensions' inside 'logging', where it has no effect: move it to the top.");

    private static List<string> Messages(string json) => [.. new KeyCheck("host.json", HostJsonKeys.All).Messages((JsonObject)JsonNode.Parse(json)!)];
}
