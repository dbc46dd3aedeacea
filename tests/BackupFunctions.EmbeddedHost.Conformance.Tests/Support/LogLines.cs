using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

internal static class LogLines
{
    public static void Say(this ILogger log, string text) => log.LogInformation("{Text}", text);
}
