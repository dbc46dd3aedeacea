namespace BackupFunctions.Settings;

/// <summary>Restarting or rerouting: exactly one of a command or a webhook.</summary>
/// <param name="Command">Program and arguments; no shell.</param>
/// <param name="Webhook">Receives a POST with the recovery as JSON.</param>
public sealed record ActionSettings(IReadOnlyList<string>? Command, Uri? Webhook);
