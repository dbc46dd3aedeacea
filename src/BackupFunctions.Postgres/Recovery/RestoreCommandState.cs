namespace BackupFunctions.Postgres.Recovery;

/// <summary>What the server asked for last. Histories do not count: it looks for newer timelines all the time.</summary>
/// <param name="Segment">The segment; null: none yet.</param>
/// <param name="Delivered">The last segment that was given; null: none yet.</param>
/// <param name="Asks">How often it asked for this one in a row.</param>
internal sealed record RestoreCommandState(string? Segment, string? Delivered, int Asks)
{
    public RestoreCommandState With(string file, bool delivered) => file.EndsWith(".history", StringComparison.Ordinal)
        ? this
        : new RestoreCommandState(file, delivered ? file : Delivered, string.Equals(file, Segment, StringComparison.Ordinal) ? Asks + 1 : 1);
}
