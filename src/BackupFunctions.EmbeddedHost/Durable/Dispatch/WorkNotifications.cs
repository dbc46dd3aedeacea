using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>
/// Says that there is work: at once within this process, by NOTIFY to the other hosts of the hub. The payload is
/// <c>sender kinds [instance]</c>, the instance being one whose state changed.
/// </summary>
internal sealed class WorkNotifications(TimeProvider time, IOptions<DurableEngineOptions> options)
{
    // Clients of one process without a running engine send as nobody; every listener then hears them.
    private const int Nobody = 0;

    public AsyncSignal Orchestrations { get; } = new(time);

    public AsyncSignal Activities { get; } = new(time);

    public InstanceWatches Instances { get; } = new(time);

    /// <summary>Channel of the hub; a hash, because identifiers are short and hub names are not.</summary>
    public string Channel { get; } =
        $"durable_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.HubName)).AsSpan(0, 8))}";

    /// <summary>Id of this host's owner row.</summary>
    public int Sender { get; set; } = Nobody;

    /// <summary>Tells the other hosts when the batch is committed.</summary>
    public void AddTo(NpgsqlBatch batch, WorkKinds kinds, string? changedInstance)
    {
        if (kinds != WorkKinds.None || changedInstance is not null)
        {
            batch.Add(
                "SELECT pg_notify($1, $2)",
                Channel,
                string.Create(CultureInfo.InvariantCulture, $"{Sender} {(int)kinds} {changedInstance}"));
        }
    }

    /// <summary>Tells this process, after the commit.</summary>
    public void Tell(WorkKinds kinds, string? changedInstance)
    {
        if (kinds.HasFlag(WorkKinds.Orchestrations))
        {
            Orchestrations.Set();
        }

        if (kinds.HasFlag(WorkKinds.Activities))
        {
            Activities.Set();
        }

        if (changedInstance is not null)
        {
            Instances.Set(changedInstance);
        }
    }

    /// <summary>Takes what another host said.</summary>
    public void Receive(string payload)
    {
        var parts = payload.Split(' ', 3);
        var sender = int.Parse(parts[0], CultureInfo.InvariantCulture);
        if (sender == Nobody || sender != Sender)
        {
            Tell((WorkKinds)int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2].Length > 0 ? parts[2] : null);
        }
    }

    /// <summary>After a time without hearing the others.</summary>
    public void TellAll()
    {
        Tell(WorkKinds.Orchestrations | WorkKinds.Activities, null);
        Instances.SetAll();
    }
}
