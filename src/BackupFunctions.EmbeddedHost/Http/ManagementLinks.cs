using System.Net;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Keys;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Links to manage an instance, with the durable extension's system key in them as the real ones have it.</summary>
internal sealed class ManagementLinks(HostAddress address, KeyStore keys, DurableEngineOptions options)
{
    public const string BasePath = "/runtime/webhooks/durabletask";

    /// <param name="authority">Scheme, host and port of the request; the host's own address when null.</param>
    public HttpManagementPayload Create(string instanceId, Uri? authority = null)
    {
        var instance = (authority ?? address.Public).GetLeftPart(UriPartial.Authority) + BasePath + "/instances/" + WebUtility.UrlEncode(instanceId);
        // Connection is the name the Functions host gives its default storage; there is one connection here.
        var query = $"taskHub={WebUtility.UrlEncode(options.HubName)}&connection=Storage&code={WebUtility.UrlEncode(keys.SystemKey)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            PurgeHistoryDeleteUri = $"{instance}?{query}",
            RestartPostUri = $"{instance}/restart?{query}",
            ResumePostUri = $"{instance}/resume?reason={{text}}&{query}",
            RewindPostUri = $"{instance}/rewind?reason={{text}}&{query}",
            SendEventPostUri = $"{instance}/raiseEvent/{{eventName}}?{query}",
            StatusQueryGetUri = $"{instance}?{query}",
            SuspendPostUri = $"{instance}/suspend?reason={{text}}&{query}",
            TerminatePostUri = $"{instance}/terminate?reason={{text}}&{query}",
        };
    }
}
