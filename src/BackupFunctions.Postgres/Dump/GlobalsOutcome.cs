namespace BackupFunctions.Postgres.Dump;

/// <param name="Bytes">Handed to the sink.</param>
/// <param name="Warnings">One sentence each.</param>
public sealed record GlobalsOutcome(long Bytes, IReadOnlyList<string> Warnings);
