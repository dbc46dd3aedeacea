using System.Globalization;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>Query parameters as the durable extension reads them: what cannot be parsed counts as absent.</summary>
internal static class RequestQuery
{
    public static string? Text(this HttpRequest request, string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    public static bool Flag(this HttpRequest request, string name, bool absent) =>
        bool.TryParse(request.Text(name), out var value) ? value : absent;

    public static int? Number(this HttpRequest request, string name) =>
        int.TryParse(request.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static TimeSpan? Seconds(this HttpRequest request, string name) =>
        double.TryParse(request.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(value)
            : null;

    /// <summary>Times without an offset are UTC.</summary>
    public static DateTimeOffset? Time(this HttpRequest request, string name) =>
        DateTimeOffset.TryParse(
            request.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value)
            ? value
            : null;

    /// <summary>Repeated or separated by commas; null when none is valid.</summary>
    public static IReadOnlyList<OrchestrationRuntimeStatus>? Statuses(this HttpRequest request)
    {
        var statuses = request.Query["runtimeStatus"]
            .SelectMany(value => (value ?? string.Empty).Split(','))
            .Where(value => Enum.TryParse<OrchestrationRuntimeStatus>(value, ignoreCase: false, out _))
            .Select(value => Enum.Parse<OrchestrationRuntimeStatus>(value))
            .ToArray();
        return statuses.Length > 0 ? statuses : null;
    }

    /// <summary>Where the caller reached the host: the request's own authority, or what a proxy says of it when that is to be believed.</summary>
    public static Uri Authority(this HttpRequest request, bool useForwardedHost) =>
        useForwardedHost
        && request.Headers["X-Forwarded-Host"].FirstOrDefault() is { Length: > 0 } host
        && request.Headers["X-Forwarded-Proto"].FirstOrDefault() is ("http" or "https") and var scheme
        && Uri.TryCreate($"{scheme}://{host}", UriKind.Absolute, out var forwarded)
            ? forwarded
            : new Uri($"{request.Scheme}://{request.Host}");
}
