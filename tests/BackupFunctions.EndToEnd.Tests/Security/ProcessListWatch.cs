namespace BackupFunctions.EndToEnd.Tests.Security;

/// <summary>Reads every process's command line again and again, as ps shows it to everybody.</summary>
internal sealed class ProcessListWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly IReadOnlyCollection<string> _secrets;
    private readonly Task _watching;

    public ProcessListWatch(IReadOnlyCollection<string> secrets)
    {
        _secrets = secrets;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Command lines that hold one of the secrets.</summary>
    public HashSet<string> Found { get; } = new(StringComparer.Ordinal);

    /// <summary>Programs of the product that were seen, so that a watch that saw nothing is no proof.</summary>
    public bool SawJobs { get; private set; }

    public bool SawTools { get; private set; }

    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _enough.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                Look(Path.Combine(process, "cmdline"));
            }

            await Task.Delay(5);
        }
    }

    private void Look(string path)
    {
        try
        {
            var line = File.ReadAllText(path);
            SawJobs |= line.Contains("pgdr.dll", StringComparison.Ordinal);
            SawTools |= line.Contains("pg_restore", StringComparison.Ordinal);
            if (_secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)))
            {
                Found.Add(line.Replace('\0', ' '));
            }
        }
        catch (IOException)
        {
            // It ended meanwhile.
        }
    }
}
