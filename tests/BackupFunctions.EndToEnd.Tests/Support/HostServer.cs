namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A sample server with one host that all tests of its collection use.</summary>
public sealed class HostServer : SampleServer
{
    private RunbookHost? _host;

    internal RunbookHost Host => _host!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _host = await RunbookHost.StartAsync(this);
    }

    public override async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
