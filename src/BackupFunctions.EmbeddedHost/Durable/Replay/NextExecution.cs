namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>What an orchestration that continues as new wants for its next execution.</summary>
/// <param name="Input">JSON.</param>
/// <param name="Version">Null keeps the present one.</param>
/// <param name="KeepEvents">Events received and not waited for go along.</param>
internal sealed record NextExecution(string? Input, string? Version, bool KeepEvents);
