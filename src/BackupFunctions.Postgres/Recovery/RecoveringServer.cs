using System.Diagnostics;
using System.Runtime.InteropServices;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>The server program on a restored data directory; it ends with this process.</summary>
internal sealed partial class RecoveringServer : IAsyncDisposable
{
    /// <summary>kill(2).</summary>
    private const int Interrupt = 2;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Queue<string> _lastWords = new();
    private readonly Task _reading;

    private RecoveringServer(Process process, string socketFolder, string username)
    {
        _process = process;
        Connection = new ServerConnection { Name = "recovering", Host = socketFolder, Username = username, MaintenanceDatabase = "template1" };
        _reading = LineReader.ReadAsync(process.StandardError.BaseStream, 4096, Take, CancellationToken.None);
    }

    /// <summary>By its socket.</summary>
    public ServerConnection Connection { get; }

    public bool HasEnded => _process.HasExited;

    public static async Task<RecoveringServer> StartAsync(string binaries, IReadOnlyList<string> arguments, string socketFolder, string username)
    {
        var command = ServerAccount.Command(Path.Combine(binaries, "postgres"), arguments);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, WorkingDirectory = "/" };
        ToolEnvironment.Apply(start.Environment, passwordFile: null);
        return new RecoveringServer(await ToolLauncher.StartAsync(start), socketFolder, username);
    }

    /// <summary>What it wrote last that is an error or why it stopped.</summary>
    public string LastWords()
    {
        lock (_lastWords)
        {
            return _lastWords.LastOrDefault(IsReason) ?? _lastWords.LastOrDefault() ?? "it said nothing";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGINT is a fast shutdown; setpriv executes the server in its own place.
            _ = Signal(_process.Id, Interrupt);
            using var patience = new CancellationTokenSource(StopPatience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    /// <exception cref="PgdrException">tool.failed, with what it said.</exception>
    public void RequireAlive()
    {
        if (HasEnded)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"The recovering server stopped: {LastWords()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    /// <summary>Connections that came too early are refused with a FATAL of their own.</summary>
    private static bool IsReason(string line) =>
        (line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal))
        && !line.Contains("the database system is", StringComparison.Ordinal);

    private void Take(string line)
    {
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > 50)
            {
                _lastWords.Dequeue();
            }
        }
    }
}
