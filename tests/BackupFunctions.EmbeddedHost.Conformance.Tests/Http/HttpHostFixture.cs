using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>One host with HTTP functions for the tests of a class.</summary>
public sealed class HttpHostFixture : IAsyncLifetime
{
    private readonly StateDatabaseFixture _database = new();

    public string Hub { get; } = Guid.NewGuid().ToString("N");

    public string ConnectionString => _database.ConnectionString;

    internal TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Host = await TestHost.StartAsync(new TestHostSetup(ConnectionString, typeof(HttpFunctions), typeof(WorkflowFunctions))
        {
            Hub = Hub,
            Settings = [("AzureWebJobs.RuntimeRoute.Disabled", "true")],
        });
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _database.DisposeAsync();
    }
}
