namespace BackupFunctions.Postgres.Swap;

/// <summary>Points between the committed steps of a swap; tests end it there as a crash would.</summary>
internal enum SwapStep
{
    Applied,
    Remembered,
    Closed,
    SessionsEnded,
    Renamed,
}
