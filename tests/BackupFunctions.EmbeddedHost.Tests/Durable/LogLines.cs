using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Tests.Durable;

internal static class LogLines
{
    public static void Say(this ILogger log, string text) => log.LogInformation("{Text}", text);
}
