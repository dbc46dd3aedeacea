using System.Globalization;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Findings in words.</summary>
internal static class Sentences
{
    public static string Of(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(Wait wait) => wait.Kind switch
    {
        WaitKind.Start => wait.DueAt is { } planned ? $"its planned start at {Of(planned)}" : "its start",
        WaitKind.Timer => $"a timer due at {Of(wait.DueAt!.Value)}",
        WaitKind.SubOrchestration => $"sub-orchestration {wait.Name} ({wait.InstanceId}, {wait.State}) since {Of(wait.Since)}",
        WaitKind.ExternalEvent => $"external event '{wait.Name}' since {Of(wait.Since)}",
        WaitKind.Activity => $"activity {wait.Name} ({Progress(wait)}) since {Of(wait.Since)}",
        _ => $"nothing that is stored, since {Of(wait.Since)}: probably for an external event, whose name only the app's code knows",
    };

    private static string Progress(Wait wait) =>
        (wait.HeldBy is { } host ? $"{wait.State} on {host}" : wait.State)
        + (wait.Deliveries > 1 ? string.Create(CultureInfo.InvariantCulture, $", delivery {wait.Deliveries}") : string.Empty);
}
