namespace BackupFunctions.Contracts.Jobs;

/// <param name="Server">Its name in the settings.</param>
/// <param name="Continuous">Goes on until it is cancelled; otherwise it ends when what the server has written by now is safe.</param>
/// <param name="RequestedBy">Who asked for it, for example schedule.</param>
/// <param name="RunId">The job that a workflow goes on following; null: it starts one.</param>
public sealed record ReceiveWalParameters(string Server, bool Continuous, string RequestedBy, string? RunId = null);
