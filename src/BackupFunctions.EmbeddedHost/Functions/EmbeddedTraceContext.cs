using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>The trace of this process where somebody listens to it, else what the caller sent.</summary>
internal sealed class EmbeddedTraceContext : TraceContext
{
    private EmbeddedTraceContext(string? parent, string? state) => (TraceParent, TraceState) = (parent ?? string.Empty, state ?? string.Empty);

    public override string TraceParent { get; }

    public override string TraceState { get; }

    /// <param name="request">Null when the function was not triggered by HTTP.</param>
    public static EmbeddedTraceContext Of(HttpRequest? request)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return new EmbeddedTraceContext(activity.Id, activity.TraceStateString);
        }

        var (parent, state) = (request?.Headers.TraceParent.FirstOrDefault(), request?.Headers.TraceState.FirstOrDefault());
        return ActivityContext.TryParse(parent, state, out _) ? new EmbeddedTraceContext(parent, state) : new EmbeddedTraceContext(null, null);
    }
}
