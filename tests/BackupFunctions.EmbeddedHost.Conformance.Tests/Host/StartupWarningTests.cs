using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Http;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

public sealed class StartupWarningTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    [Fact]
    [Conforms("Every key of host.json and local.settings.json that has no effect is said once at start: misplaced, misspelled, not applied", Source.Own)]
    public async Task Start_KeysWithoutEffect_AreSaidOnce()
    {
        using var log = new RecordedLog();
        await using var host = await TestHost.StartAsync(new TestHostSetup(database.ConnectionString, typeof(HttpFunctions))
        {
            DurableTask = "\"hubNmae\": \"lost\", \"useGracefulShutdown\": false, \"extendedSessionsEnabled\": false",
            HostJson = "\"functionTimeout\": \"00:10:00\"",
            LocalSettings = """{ "Values": {}, "Host": { "Cors": "" }, "DATA_FOLDER": "/canary" }""",
            Configure = builder => builder.Logging.AddProvider(log).AddFilter<RecordedLog>(null, LogLevel.Warning),
        });

        log.Lines.Where(line => line.Text.Contains("settings.json", StringComparison.Ordinal) || line.Text.Contains("host.json", StringComparison.Ordinal))
            .Select(line => line.Text)
            .ShouldBe(
            [
                "host.json has the unknown key 'hubNmae' inside 'extensions.durableTask', which has no effect; did you mean 'hubName'?",
                "host.json sets 'extensions.durableTask.useGracefulShutdown', which the embedded host does not apply: it always does what 'true' means.",
                "host.json sets 'functionTimeout', which the embedded host does not apply: functions run as long as they need.",
                "local.settings.json has the unknown key 'DATA_FOLDER' at the top, which has no effect: settings stand inside 'Values'.",
            ]);
    }

    [Theory]
    [InlineData("\"maxConcurrentActivityFunctions\": 0", "extensions.durableTask.maxConcurrentActivityFunctions")]
    [InlineData("\"overridableExistingInstanceStates\": \"Some\"", "extensions.durableTask.overridableExistingInstanceStates")]
    [InlineData("\"storeInputsInOrchestrationHistory\": \"yes\"", "extensions.durableTask.storeInputsInOrchestrationHistory")]
    [InlineData("\"versionMatchStrategy\": \"Newer\"", "extensions.durableTask.versionMatchStrategy")]
    [InlineData("\"httpSettings\": { \"useForwardedHost\": 1 }", "extensions.durableTask.httpSettings.useForwardedHost")]
    [Conforms("A value of the wrong kind in host.json ends the start and is named by its place", Source.DurableExtension)]
    public async Task Start_WrongValue_IsNamedByItsPlace(string setting, string place) =>
        (await Should.ThrowAsync<PgdrException>(() => TestHost.StartAsync(
            new TestHostSetup(database.ConnectionString, typeof(HttpFunctions)) { DurableTask = setting }))).Message.ShouldContain(place);
}
