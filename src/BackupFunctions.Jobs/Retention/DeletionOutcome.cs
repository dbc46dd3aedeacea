namespace BackupFunctions.Jobs.Retention;

/// <param name="Copies">Deleted.</param>
/// <param name="Bytes">Of ciphertext.</param>
/// <param name="Problems">Why others were not, a sentence each.</param>
internal sealed record DeletionOutcome(int Copies, long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>Copies that a lock still holds, a sentence each: no failure, they go with a later run.</summary>
    public IReadOnlyList<string> Locked { get; init; } = [];
}
