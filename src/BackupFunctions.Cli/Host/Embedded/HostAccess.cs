using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.EmbeddedHost.Doctor;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>The host beside which pgdr lies: its settings, its state, and the app it runs.</summary>
internal static class HostAccess
{
    private static readonly string App = Path.Combine(AppContext.BaseDirectory, "BackupFunctions.dll");

    public static bool HasApp => File.Exists(App);

    public static HostSite Open(ILoggerFactory loggers) => new(new HostEnvironment { FunctionTypes = [] }, TimeProvider.System, loggers);

    /// <exception cref="PgdrException">The app is not there, or cannot be loaded.</exception>
    public static AppCode LoadApp(HostSite site, ILoggerFactory loggers) => HasApp
        ? new AppCode(App, site.HostJson, site.Configuration, ContractJson.Apply, loggers)
        : throw new PgdrException(ErrorCodes.InvalidSettings, $"There is no {App}: run the pgdr that lies beside the host's program.");
}
