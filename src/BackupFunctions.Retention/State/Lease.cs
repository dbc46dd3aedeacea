namespace BackupFunctions.Retention.State;

/// <summary>Somebody reads or writes a backup.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Until">It ends by itself.</param>
/// <param name="Holder">Who, as part of a sentence: restore 20261121-ab.</param>
public sealed record Lease(string BackupId, DateTimeOffset Until, string Holder);
