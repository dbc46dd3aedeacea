using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

internal sealed class ReplaySafeLoggerFactory(ILoggerFactory inner, Func<bool> isReplaying) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(inner.CreateLogger(categoryName), isReplaying);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The inner factory belongs to the host.
    }
}
