using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Http;

namespace BackupFunctions.EmbeddedHost;

/// <summary>What HTTP functions hand to their callers.</summary>
public static class DurableTaskClientExtensions
{
    /// <param name="client">A client bound by [DurableClient].</param>
    /// <param name="instanceId">The instance that the links manage.</param>
    /// <param name="request">Gives scheme, host and port of the links; the host's own address when null.</param>
    /// <exception cref="InvalidOperationException">The client was not bound by the host.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null) =>
        client is FunctionsDurableClient bound
            ? bound.Links.Create(instanceId, request?.Url)
            : throw new InvalidOperationException("Only a client bound by [DurableClient] knows the addresses of its instances.");
}
