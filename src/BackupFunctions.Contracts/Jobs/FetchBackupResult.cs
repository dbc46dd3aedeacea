namespace BackupFunctions.Contracts.Jobs;

/// <param name="Downloaded">Bytes of ciphertext read in this run.</param>
/// <param name="Reused">Bytes of ciphertext that an earlier run had already brought.</param>
/// <param name="PlainSize">Bytes in the work folder.</param>
/// <param name="Targets">Bytes read by target.</param>
/// <param name="Failovers">One sentence for every switch of target.</param>
public sealed record FetchBackupResult(
    long Downloaded,
    long Reused,
    long PlainSize,
    IReadOnlyDictionary<string, long> Targets,
    IReadOnlyList<string> Failovers)
{
    /// <summary>Of a dump that was made from a recovered server; null for one that was stored.</summary>
    public RecoveredPoint? Point { get; init; }
}
