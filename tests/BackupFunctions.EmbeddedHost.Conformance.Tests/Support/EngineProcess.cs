using System.Diagnostics;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>An engine in a process of its own, to be killed.</summary>
internal sealed class EngineProcess : IDisposable
{
    public const string Begun = "activity begun";

    /// <summary>Longer than any test: only the detection of dead hosts can free what a killed one held.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private readonly Process _process;

    private EngineProcess(Process process) => _process = process;

    public static EngineProcess Start(string connectionString, string hub)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(EngineProcess).Assembly.Location);
        start.ArgumentList.Add(connectionString);
        start.ArgumentList.Add(hub);
        return new EngineProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"));
    }

    /// <summary>In the child: takes activities that never end.</summary>
    public static async Task<int> MainAsync(string[] args)
    {
        await using var host = Workflow(new EngineHost(args[0], options => (options.HubName, options.Lease) = (args[1], Lease)))
            .Activity<string>("Second", async (_, cancellation) =>
            {
                Console.WriteLine(Begun);
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
            });
        await host.StartAsync();
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>What parent and child have in common.</summary>
    public static EngineHost Workflow(EngineHost host) => host
        .Orchestrator("Flow", async c => await c.CallActivityAsync<string>("First") + await c.CallActivityAsync<string>("Second"))
        .Activity<string>("First", _ => "first ");

    public async Task UntilBegunAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line is Begun)
            {
                return;
            }
        }

        throw new InvalidOperationException("the child ended early");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
