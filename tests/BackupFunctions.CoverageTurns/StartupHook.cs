using System.Diagnostics.CodeAnalysis;

/// <summary>
/// Lets the processes of a test run write their coverage one after the other. coverlet's own mutex holds within a session
/// (setsid) only, and jobs are sessions of their own: two that ended at the same moment took each other's file of hits away,
/// and one was ended by that (exit code 134) though its work was done.
/// </summary>
/// <remarks>
/// The runtime looks for this class, without a namespace, in the assembly that DOTNET_STARTUP_HOOKS names; <c>./test</c> sets it.
/// </remarks>
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "The runtime asks for it.")]
internal static class StartupHook
{
    private static Mutex? _turn;

    /// <summary>Called before Main, so that this handler runs before coverlet's. The turn ends with the process.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("COVERAGE_TURN") is { Length: > 0 } name)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Take(name);
        }
    }

    private static void Take(string name)
    {
        _turn = new Mutex(initiallyOwned: false, $@"Global\{name}");
        try
        {
            _turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // As every turn ends: its process did.
        }
    }
}
