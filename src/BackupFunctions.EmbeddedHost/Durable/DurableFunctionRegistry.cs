using System.Diagnostics.CodeAnalysis;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>The orchestrators and activities of the app by name, without regard to case. Filled before the engine starts.</summary>
internal sealed class DurableFunctionRegistry
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Func<ActivityCall, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Orchestrators => _orchestrators.Keys;

    public IReadOnlyCollection<string> Activities => _activities.Keys;

    /// <param name="name">The function's name.</param>
    /// <param name="run">The result is serialised by the engine.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) => _orchestrators.Add(name, run);

    /// <param name="name">The function's name.</param>
    /// <param name="run">
    /// The token is canceled when the host stops or another host took the call over; the result is serialised by the engine.
    /// </param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddActivity(string name, Func<ActivityCall, CancellationToken, Task<object?>> run) => _activities.Add(name, run);

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<TaskOrchestrationContext, Task<object?>>? run) =>
        _orchestrators.TryGetValue(name, out run);

    public bool TryGetActivity(string name, [NotNullWhen(true)] out Func<ActivityCall, CancellationToken, Task<object?>>? run) =>
        _activities.TryGetValue(name, out run);
}
