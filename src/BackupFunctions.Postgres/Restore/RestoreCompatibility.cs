using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Decides, before anything is touched, whether an archive, a pg_restore and a server fit together.</summary>
public static class RestoreCompatibility
{
    /// <summary>From this major on pg_restore begins with SET transaction_timeout, which older servers refuse.</summary>
    private const int TransactionTimeoutMajor = 17;

    /// <exception cref="PgdrException">tool.too-old, server.too-old or tool.failed with the remedy.</exception>
    public static void Check(ArchiveHeader archive, PgTools tools, ServerConnection server, int serverMajor)
    {
        if (tools.Major < archive.DumpMajor)
        {
            throw new PgdrException(
                ErrorCodes.ToolTooOld,
                $"The backup was made by pg_dump {archive.DumpMajor} and pg_restore here is {tools.Versions[PgTools.PgRestoreName]}; "
                + $"install the package postgresql-client-{archive.DumpMajor}.");
        }

        if (serverMajor >= TransactionTimeoutMajor || tools.Major < TransactionTimeoutMajor)
        {
            return;
        }

        throw archive.DumpMajor < TransactionTimeoutMajor
            ? new PgdrException(
                ErrorCodes.ToolFailed,
                $"pg_restore {tools.Major} cannot restore into server {server.Endpoint} of major {serverMajor}; "
                + $"install the package postgresql-client-{Math.Max(archive.DumpMajor, serverMajor)}.")
            : new PgdrException(
                ErrorCodes.ServerTooOld,
                $"The backup was made by pg_dump {archive.DumpMajor} and server {server.Endpoint} is of major {serverMajor}, which does not know "
                + $"its commands; restore onto a server of major {TransactionTimeoutMajor} or later.");
    }
}
