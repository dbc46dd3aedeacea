using System.Diagnostics;
using System.Globalization;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The host as a process of its own on a data folder that outlives it; killed and started again at will.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private Process _process = null!;

    private HostProcess(string folder, Dictionary<string, string> settings) => (Folder, _settings) = (folder, settings);

    /// <summary>DATA_FOLDER.</summary>
    public string Folder { get; }

    public string RunStore => Path.Combine(Folder, "runs");

    public string Log => Path.Combine(Folder, "host.log");

    public Uri Address { get; private set; } = null!;

    /// <summary>What the command line needs to work with this host.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(_settings, StringComparer.Ordinal) { ["HOST_URL"] = Address.ToString() };

    public static async Task<HostProcess> StartAsync(string folder, Dictionary<string, string> settings)
    {
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        settings["HOST_URL"] = "http://127.0.0.1:0";
        settings["HOST_URL_FILE"] = Path.Combine(folder, "url");
        settings["DATA_FOLDER"] = folder;
        settings["RUN_STORE_PATH"] = Path.Combine(folder, "runs");
        settings["WORK_PATH"] = Path.Combine(folder, "work");
        var host = new HostProcess(folder, settings);
        try
        {
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL for the host alone: its jobs, commands and state server live on.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        var urlFile = Path.Combine(Folder, "url");
        File.Delete(urlFile);

        // Output goes to a file: a pipe would be shared with commands that outlive the host.
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec dotnet \"$0\" >>\"$1\" 2>&1 </dev/null", Path.Combine(AppContext.BaseDirectory, "BackupFunctions.dll"), Log]);
        ChildEnvironment.Set(start, _settings);
        _process = Process.Start(start)!;
        await Until.TrueAsync(() => File.Exists(urlFile) || _process.HasExited, $"the host listens; its log: {ReadLog()}");
        File.Exists(urlFile).ShouldBeTrue(ReadLog());
        Address = new Uri((await File.ReadAllTextAsync(urlFile)).Trim());
    }

    /// <summary>A client that presents this key; none when it is empty.</summary>
    public HttpClient Client(string key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key.Length > 0)
        {
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        }

        return client;
    }

    public string ReadLog() => File.Exists(Log) ? File.ReadAllText(Log) : string.Empty;

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await CommandLine.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        await StopStateServerAsync();
    }

    /// <summary>A host that was killed leaves its state server running for the next one.</summary>
    private async Task StopStateServerAsync()
    {
        var state = Path.Combine(Folder, "state");
        if (File.Exists(Path.Combine(state, "postmaster.pid")))
        {
            string[] stop = ["/usr/lib/postgresql/15/bin/pg_ctl", "-D", state, "-m", "immediate", "-w", "stop"];
            await (Environment.IsPrivilegedProcess
                ? CommandLine.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. stop])
                : CommandLine.RunAsync(stop[0], stop[1..]));
        }
    }
}
