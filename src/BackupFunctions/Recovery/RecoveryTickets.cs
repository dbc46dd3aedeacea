using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Recovery;

/// <summary>
/// One confirmed start is one recovery. The start issues a ticket once its checks have passed, the workflow's first step redeems it; the
/// management API can start a workflow or restart an old one, but it cannot make a ticket. A ticket is a file: <c>{ticket}.open</c> with the
/// database's name, renamed to <c>{ticket}.{restoreId}</c> by the recovery that takes it.
/// </summary>
public sealed class RecoveryTickets
{
    private readonly string _folder;

    public RecoveryTickets(string folder) => _folder = folder;

    /// <returns>The ticket; it says nothing by itself and is worth nothing once redeemed.</returns>
    /// <exception cref="PgdrException">The folder cannot be written.</exception>
    public string Issue(string database)
    {
        var ticket = Guid.NewGuid().ToString("N");
        try
        {
            PrivateFiles.CreateFolder(_folder);
            PrivateFiles.Write(OpenPath(ticket), Encoding.UTF8.GetBytes(database));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"{_folder} cannot be written ({e.Message}): free space or mend RUN_STORE_PATH, a recovery needs it.", e);
        }

        return ticket;
    }

    /// <summary>Safe to repeat for the same recovery.</summary>
    /// <returns>False when there is no such ticket, it is for another database, or another recovery took it.</returns>
    public bool Redeem(string? ticket, string database, string restoreId)
    {
        if (!Guid.TryParseExact(ticket, "N", out _))
        {
            return false;
        }

        var taken = Path.Combine(_folder, $"{ticket}.{restoreId}");
        try
        {
            if (!IsFor(taken, database))
            {
                if (!IsFor(OpenPath(ticket), database))
                {
                    return false;
                }

                File.Move(OpenPath(ticket), taken);
            }

            return true;
        }
        catch (FileNotFoundException)
        {
            // Another turn of the same recovery, or another recovery, was quicker.
            return IsFor(taken, database);
        }
    }

    private string OpenPath(string ticket) => Path.Combine(_folder, $"{ticket}.open");

    private static bool IsFor(string path, string database) =>
        File.Exists(path) && string.Equals(File.ReadAllText(path), database, StringComparison.Ordinal);
}
