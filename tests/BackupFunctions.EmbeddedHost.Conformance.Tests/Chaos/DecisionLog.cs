using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>Writes the decisions of turns to a file that survives SIGKILL up to the last whole line.</summary>
internal sealed class DecisionLog(string folder) : ILoggerProvider
{
    private const string Mark = "Decided ";

    private readonly Lock _lock = new();
    private readonly FileStream _file = new(Path.Combine(folder, $"{Guid.NewGuid():N}.log"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose() => _file.Dispose();

    /// <returns>Instance, execution, length of the history, digest.</returns>
    public static IEnumerable<(string InstanceId, string ExecutionId, int Length, string Digest)> Read(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var text = File.ReadAllText(file);
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = line[Mark.Length..].Split(' ');
                yield return (parts[0], parts[1], int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), parts[3]);
            }
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            _file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    private sealed class Logger(DecisionLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Trace;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (text.StartsWith(Mark, StringComparison.Ordinal))
            {
                log.Write(text);
            }
        }
    }
}
