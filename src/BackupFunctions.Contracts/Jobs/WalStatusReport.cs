namespace BackupFunctions.Contracts.Jobs;

/// <summary>What storage has of the write-ahead log of all servers.</summary>
/// <param name="Servers">Those of the settings, and those that only storage knows.</param>
/// <param name="Problems">Holes, missing copies, targets and servers that could not be asked; a sentence each.</param>
public sealed record WalStatusReport(IReadOnlyList<WalServerStatus> Servers, IReadOnlyList<string> Problems);
