namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>One committed transaction of a <see cref="CommittedHistory"/>.</summary>
/// <param name="Transaction">Its id.</param>
/// <param name="At">When it committed, by the server's clock.</param>
/// <param name="Lsn">Behind its commit, before the next one's.</param>
/// <param name="Timeline">That it was committed on.</param>
/// <param name="Before">All rows just before it.</param>
/// <param name="After">All rows just after it.</param>
internal sealed record CommittedPoint(
    string Transaction, DateTimeOffset At, ulong Lsn, int Timeline, IReadOnlyList<string> Before, IReadOnlyList<string> After);
