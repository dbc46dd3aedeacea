namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>A failure that no retry absorbed: the orchestrator's own code got it.</summary>
/// <param name="ActionId">The last attempt.</param>
/// <param name="IsHandled">The code asked for something else at once; otherwise it failed, or waits for what runs beside it.</param>
internal sealed record EscapedFailure(int ActionId, bool IsHandled);
