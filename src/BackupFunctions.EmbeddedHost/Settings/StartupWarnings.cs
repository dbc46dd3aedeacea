namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>What the settings files say without effect; logged once at start.</summary>
internal sealed record StartupWarnings(IReadOnlyList<string> Sentences);
