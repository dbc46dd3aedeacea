using BackupFunctions.Cli.Output;
using BackupFunctions.EmbeddedHost.Doctor;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>A report of the host's doctor for people.</summary>
internal static class DoctorView
{
    public static void Print(HostReport report)
    {
        Plain.WriteLine($"state      {report.State.Database}{(report.State.StartedForThisLook ? "; it was down and is started for this look only" : string.Empty)}");
        foreach (var folder in report.State.KeptAside)
        {
            Plain.WriteLine($"           kept aside: {folder}, made by a PostgreSQL that is gone; see docs/070-troubleshooting.md, or delete it");
        }

        Plain.WriteLine($"hub        {report.Hub}");
        Plain.WriteLine($"schema     {Schema(report)}");
        if (report.Backlog is not { } backlog)
        {
            return;
        }

        PrintHosts(report.Hosts);
        Plain.WriteLine($"backlog    {backlog.NewEvents} events: {Due(backlog)}, {backlog.LaterEvents} later, {backlog.HeldEvents} held for suspended instances");
        Plain.WriteLine($"           {backlog.NewTasks} activities: {backlog.QueuedTasks} queued, {backlog.NewTasks - backlog.QueuedTasks} running");
        Plain.WriteLine($"instances  {(report.Instances.Count == 0 ? "none" : string.Join(", ", report.Instances.Select(count => $"{count.Value} {count.Key}")))}");
        foreach (var instance in report.OpenInstances)
        {
            Print(instance);
        }

        var stuck = report.OpenInstances.Count(instance => instance.Stuck is not null);
        Plain.WriteLine(string.Empty);
        Plain.WriteLine(stuck == 0 ? "Healthy: nothing is stuck." : $"{stuck} of {report.OpenInstances.Count} open instances are STUCK.");
    }

    private static void PrintHosts(IReadOnlyList<HostProcess> hosts)
    {
        if (hosts.Count == 0)
        {
            Plain.WriteLine("hosts      none runs: start the host, and it goes on where it was");
        }

        foreach (var host in hosts)
        {
            var since = host.StartedAt is { } started ? $", started {Sentences.Of(started)}" : string.Empty;
            Plain.WriteLine($"host       {host}: {host.Life.ToString().ToUpperInvariant()}{since}");
            foreach (var lease in host.Leases)
            {
                Plain.WriteLine($"           holds {(lease.Activity is { } name ? $"activity {name} of " : string.Empty)}{lease.InstanceId} until {Sentences.Of(lease.ExpiresAt)}");
            }
        }
    }

    private static void Print(InstanceDiagnosis instance)
    {
        Plain.WriteLine(string.Empty);
        Plain.WriteLine($"{instance.InstanceId}  {instance.Name}  {instance.Status.ToString().ToUpperInvariant()}, last moved {Sentences.Of(instance.LastProgressAt)}");
        if (instance.UnseenEvents > 0)
        {
            Plain.WriteLine($"    has {instance.UnseenEvents} events to look at");
        }

        foreach (var wait in instance.WaitsFor)
        {
            Plain.WriteLine($"    waits for {Sentences.Of(wait)}");
        }

        if (instance.Stuck is { } why)
        {
            Plain.WriteLine($"    STUCK: {why}");
        }
    }

    private static string Schema(HostReport report) => report.SchemaVersion switch
    {
        null => "none: no host has used this database yet",
        { } version when version < report.ExpectedSchemaVersion =>
            $"{version}, and this program has {report.ExpectedSchemaVersion}: the next start of the host upgrades it; instances are not examined before",
        { } version => $"{version}, as expected",
    };

    private static string Due(Backlog backlog) => backlog.OldestDueSeconds is { } age ? $"{backlog.DueEvents} due, the oldest for {age} s" : "0 due";
}
