using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>
/// What would come out differently at the next replay, or leave the orchestration's thread. The ids are those of the Durable Task analyzers
/// (microsoft/durabletask-dotnet, src/Analyzers); the lists are longer than theirs.
/// </summary>
internal static class BannedSymbols
{
    private const string Clock = "DURABLE0001";
    private const string Chance = "DURABLE0002";
    private const string Delay = "DURABLE0003";
    private const string Threads = "DURABLE0004";
    private const string InputOutput = "DURABLE0005";
    private const string Surroundings = "DURABLE0006";
    private const string Logger = "DURABLE0010";

    private const string Task = "System.Threading.Tasks.Task";
    private const string CancellationSource = "System.Threading.CancellationTokenSource";

    /// <summary>Members by their documentation id without parameters.</summary>
    private static readonly Dictionary<string, string> Members = Of(
        (Clock, ["System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTime.Today", "System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow"]),
        (Chance, ["System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Object.GetHashCode", "System.String.GetHashCode", "System.HashCode.Combine"]),
        (Delay, [$"{Task}.Delay", $"{Task}.Wait", $"{Task}.WaitAll", $"{Task}.WaitAny", $"{Task}.WaitAsync", $"{Task}.Result", $"{Task}.GetAwaiter",
            $"{CancellationSource}.CancelAfter", "System.Threading.CancellationToken.WaitHandle"]),
        (Threads, [$"{Task}.Run", $"{Task}.ContinueWith", $"{Task}.Factory", $"{Task}.Yield", $"{Task}.Start", $"{Task}.RunSynchronously",
            $"{Task}.ConfigureAwait", $"{CancellationSource}.CancelAsync", "System.Linq.ParallelEnumerable.AsParallel"]),
        (Surroundings, ["System.Globalization.CultureInfo.CurrentCulture", "System.Globalization.CultureInfo.CurrentUICulture", "System.TimeZoneInfo.Local",
            "System.DateTime.ToLocalTime", "System.DateTimeOffset.ToLocalTime", "System.DateTimeOffset.LocalDateTime"]));

    /// <summary>Types as a whole.</summary>
    private static readonly Dictionary<string, string> Types = Of(
        (Clock, ["System.TimeProvider", "System.Diagnostics.Stopwatch"]),
        (Chance, ["System.Random", "System.HashCode"]),
        (Delay, ["System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.SpinWait"]),
        (Threads, ["System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Tasks.Parallel", "System.Threading.Tasks.TaskFactory",
            "System.Threading.Tasks.TaskScheduler", "System.Threading.SynchronizationContext", "System.Threading.Monitor", "System.Threading.Lock",
            "System.Threading.SemaphoreSlim", "System.Threading.Tasks.TaskCompletionSource"]),
        (InputOutput, ["System.Console"]),
        (Surroundings, ["System.Environment", "System.AppContext", "System.AppDomain", "System.GC", "System.Activator"]),
        (Logger, ["Microsoft.Extensions.Logging.ILoggerFactory", "Microsoft.Extensions.Logging.LoggerFactory",
            "Microsoft.Azure.Functions.Worker.FunctionContextLoggerExtensions"]));

    /// <summary>Namespaces with all that is below them.</summary>
    private static readonly Dictionary<string, string> Namespaces = Of(
        (Chance, ["System.Security.Cryptography"]),
        (InputOutput, ["System.IO", "System.Net", "System.Data", "Npgsql", "Amazon", "Azure.Storage"]),
        (Surroundings, ["Microsoft.Extensions.Configuration", "Microsoft.Extensions.Options", "System.Runtime.InteropServices", "System.Reflection"]));

    /// <returns>The rule that forbids it; null when none does.</returns>
    public static string? RuleAgainst(ISymbol symbol, INamedTypeSymbol type)
    {
        var name = type.OriginalDefinition.ToDisplayString(Plain);
        if (Types.TryGetValue(name, out var rule) || Members.TryGetValue($"{name}.{symbol.Name}", out rule))
        {
            return rule;
        }

        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: > 0 } && name == CancellationSource)
        {
            return Delay;
        }

        var space = type.ContainingNamespace.ToDisplayString();
        return Namespaces.FirstOrDefault(one => space == one.Key || space.StartsWith($"{one.Key}.", StringComparison.Ordinal)).Value
            ?? (type is { Name: "ILogger", IsGenericType: true } && space == "Microsoft.Extensions.Logging" ? Logger : null);
    }

    private static SymbolDisplayFormat Plain { get; } = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted, SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private static Dictionary<string, string> Of(params (string Rule, string[] Names)[] lists) => lists
        .SelectMany(list => list.Names.Select(name => (name, list.Rule)))
        .ToDictionary(one => one.name, one => one.Rule, StringComparer.Ordinal);
}
