using BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using Xunit.Abstractions;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Crash;

/// <summary>The short form of <c>chaos --seconds 180</c>.</summary>
[Collection(SlowStateServerCollection.Name)]
public sealed class ChaosTests(StateServer server, ITestOutputHelper output) : EngineTest(server)
{
    [Fact]
    [Conforms("With a host killed every second all instances end, every effect happens, no execution decides twice on different histories", Source.Own)]
    public async Task Hosts_KilledEverySecond_KeepEveryPromise()
    {
        var report = await new ChaosRun(ConnectionString, 40).RunAsync(TimeSpan.FromSeconds(15));

        output.WriteLine(report.ToString());
        report.Broken.ShouldBeEmpty();
    }
}
