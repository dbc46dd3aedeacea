namespace BackupFunctions.Postgres.Recovery;

/// <summary>Where a recovering server's log comes from.</summary>
public interface IWalSource
{
    /// <param name="file">A segment or a history file, as PostgreSQL calls it.</param>
    /// <param name="destination">Where to put it: whole, or nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False: it is known not to exist, and the log may rightly end before it.</returns>
    /// <exception cref="Contracts.PgdrException">It should exist and cannot be had: the recovery stops.</exception>
    Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken);
}
