using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>Entry point of a function app.</summary>
[SuppressMessage("Design", "CA1052:Static holder types should be static", Justification = "As the real one.")]
[SuppressMessage("Design", "MA0036:Make class static", Justification = "As the real one.")]
public class FunctionsApplication
{
    /// <summary>Starts to build an app from the functions of the entry assembly and the settings beside it.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args, new HostEnvironment());

    /// <summary>As above, with functions and files named by the caller.</summary>
    internal static FunctionsApplicationBuilder CreateBuilder(string[] args, HostEnvironment environment) => new(args, environment);
}
