using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Functions;

public class TraceContextTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Trace, "vendor=1", Trace, "vendor=1")]
    [InlineData(Trace, null, Trace, "")]
    [InlineData(null, null, "", "")]
    [InlineData("00-nonsense-01", "vendor=1", "", "")]
    [Conforms("Where nobody traces in this process, TraceContext is what the caller sent, and empty when that is no W3C trace", Source.DotnetWorker)]
    public void Of_Request_IsTheCallersTrace(string? parent, string? state, string expectedParent, string expectedState)
    {
        var request = new DefaultHttpContext().Request;
        (request.Headers.TraceParent, request.Headers.TraceState) = (parent, state);

        var trace = EmbeddedTraceContext.Of(request);

        (trace.TraceParent, trace.TraceState).ShouldBe((expectedParent, expectedState));
    }

    [Fact]
    [Conforms("A trace of this process goes before the caller's header", Source.DotnetWorker)]
    public void Of_ActivityIsRunning_IsThatActivity()
    {
        using var activity = new System.Diagnostics.Activity("test").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();

        EmbeddedTraceContext.Of(request: null).TraceParent.ShouldBe(activity.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [Conforms("[FixedDelayRetry] pauses the same time before each repetition", Source.FunctionsHost)]
    public void RetryDelay_Fixed_IsTheSame(int repetition) =>
        RetryDelays.Before(new FixedDelayRetryAttribute(-1, "00:00:04"), repetition, () => 0.9).ShouldBe(TimeSpan.FromSeconds(4));
}
