using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Decides, before anything is touched, whether an archive, a pg_restore and a server fit together.</summary>
public static class RestoreCompatibility
{
    /// <summary>From this major on pg_restore begins with SET transaction_timeout, which older servers refuse.</summary>
    private const int TransactionTimeoutMajor = 17;

    /// <exception cref="PgdrException">tool.too-old with the remedy.</exception>
    public static RestoreWay Check(ArchiveHeader archive, PgTools tools, int serverMajor) => Check(archive.DumpMajor, tools, serverMajor);

    /// <inheritdoc cref="Check(ArchiveHeader, PgTools, int)"/>
    /// <param name="dumpMajor">Of the pg_dump that made the archive.</param>
    /// <param name="tools">What would restore it.</param>
    /// <param name="serverMajor">Of the server to restore onto.</param>
    public static RestoreWay Check(int dumpMajor, PgTools tools, int serverMajor)
    {
        if (tools.Major < dumpMajor)
        {
            throw new PgdrException(
                ErrorCodes.ToolTooOld,
                $"The backup was made by pg_dump {dumpMajor} and pg_restore here is {tools.Versions[PgTools.PgRestoreName]}; "
                + $"install the package postgresql-client-{dumpMajor}.");
        }

        return serverMajor < TransactionTimeoutMajor && tools.Major >= TransactionTimeoutMajor ? RestoreWay.Script : RestoreWay.Direct;
    }
}
