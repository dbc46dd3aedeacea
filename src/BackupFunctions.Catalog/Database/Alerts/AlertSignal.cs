namespace BackupFunctions.Catalog.Database.Alerts;

/// <summary>What one result says for or against an alert.</summary>
/// <param name="Fingerprint">What it is about: the same trouble again has the same one.</param>
/// <param name="At">When the result came.</param>
/// <param name="RunId">Whose result; or what else told it.</param>
/// <param name="IsRaised">Something is wrong; else it was seen good.</param>
/// <param name="Kind">See <see cref="AlertKinds"/>.</param>
/// <param name="Severity">See <see cref="AlertSeverities"/>.</param>
/// <param name="Message">One sentence; null where it was seen good.</param>
internal sealed record AlertSignal(string Fingerprint, DateTimeOffset At, string RunId, bool IsRaised, string Kind, string Severity, string? Message);
