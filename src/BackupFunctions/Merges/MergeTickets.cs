using BackupFunctions.Recovery;

namespace BackupFunctions.Merges;

/// <summary>One checked start is one merge. A folder of their own: no confirmation of a merge is good for a recovery, nor the other way round.</summary>
public sealed class MergeTickets(string folder)
{
    private readonly RecoveryTickets _tickets = new(folder);

    /// <inheritdoc cref="RecoveryTickets.Issue"/>
    public string Issue(string database) => _tickets.Issue(database);

    /// <inheritdoc cref="RecoveryTickets.Redeem"/>
    public bool Redeem(string? ticket, string database, string restoreId) => _tickets.Redeem(ticket, database, restoreId);
}
