namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A host with everything that a recovery needs to run to its end: an application, its restart and its rerouting.</summary>
internal sealed class RunbookHost : IAsyncDisposable
{
    private RunbookHost(HostProcess process, Application application, ScriptedAction restart, ScriptedAction reroute) =>
        (Process, Application, Restart, Reroute) = (process, application, restart, reroute);

    public HostProcess Process { get; }

    public Application Application { get; }

    public ScriptedAction Restart { get; }

    public ScriptedAction Reroute { get; }

    public RunFolders Runs => new(Process.RunStore);

    /// <param name="server">The server and the backup.</param>
    /// <param name="change">Settings that this test wants otherwise.</param>
    public static async Task<RunbookHost> StartAsync(SampleServer server, Action<Dictionary<string, string>>? change = null)
    {
        var application = await Application.StartAsync();
        var restart = new ScriptedAction(server.NewFolder("restart"));
        var reroute = new ScriptedAction(server.NewFolder("reroute"));
        var settings = server.Settings();
        settings["RESTART_COMMAND"] = restart.Command;
        settings["REROUTE_COMMAND"] = reroute.Command;
        settings["HEALTH_CHECK_URL"] = application.HealthUrl;
        settings["PUBLIC_HEALTH_CHECK_URL"] = application.PublicHealthUrl;
        settings["NotifyHooks__ops"] = application.HookUrl;
        settings["HEALTH_CHECK_ATTEMPTS"] = "30";
        settings["HEALTH_CHECK_INTERVAL"] = "1";
        change?.Invoke(settings);
        try
        {
            return new RunbookHost(await HostProcess.StartAsync(server.NewFolder("host"), settings), application, restart, reroute);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Restart.Release();
        Reroute.Release();
        await Process.DisposeAsync();
        await Application.DisposeAsync();
    }
}
