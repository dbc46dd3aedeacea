using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

/// <summary>One real server for the tests of a class; a state database each.</summary>
public sealed class StateDatabaseFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    internal ConnectionStringStateDatabase Open() => new(ConnectionString);

    public string ConnectionString => _server!.ConnectionString();

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
