namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>Signals to alerts: the same trouble again counts, until it was seen good; after that it is a new alert.</summary>
internal static class AlertFold
{
    /// <param name="signals">Of one fingerprint, in any order.</param>
    /// <returns>In order of time; at most the last one is open.</returns>
    public static IReadOnlyList<Alert> Of(IEnumerable<AlertSignal> signals)
    {
        var alerts = new List<Alert>();

        // What was found and mended in one run was wrong before it was good.
        foreach (var signal in signals.OrderBy(signal => signal.At).ThenByDescending(signal => signal.IsRaised).ThenBy(signal => signal.RunId, StringComparer.Ordinal))
        {
            var open = alerts is [.., { ResolvedAt: null } last] ? last : null;
            if (signal.IsRaised)
            {
                var raised = open is null
                    ? New(signal)
                    : open with { LastSeenAt = signal.At, Count = open.Count + 1, Severity = signal.Severity, Message = signal.Message ?? open.Message };
                Put(alerts, open, raised);
            }
            else if (open is not null)
            {
                Put(alerts, open, open with { ResolvedAt = signal.At, ResolvedBy = signal.RunId });
            }
        }

        return alerts;
    }

    private static Alert New(AlertSignal signal) => new()
    {
        Fingerprint = signal.Fingerprint,
        FirstSeenAt = signal.At,
        LastSeenAt = signal.At,
        Count = 1,
        Kind = signal.Kind,
        Severity = signal.Severity,
        Message = signal.Message ?? string.Empty,
    };

    private static void Put(List<Alert> alerts, Alert? open, Alert changed)
    {
        if (open is not null)
        {
            alerts.RemoveAt(alerts.Count - 1);
        }

        alerts.Add(changed);
    }
}
