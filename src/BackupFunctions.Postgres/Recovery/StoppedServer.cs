using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>What a data directory tells of its server while that does not run.</summary>
public static class StoppedServer
{
    /// <param name="binaries">With pg_controldata.</param>
    /// <param name="dataDirectory">Nothing in it is changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: it has no pg_control, or one that cannot be read.</returns>
    public static async Task<string?> FindSystemIdentifierAsync(string binaries, string dataDirectory, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(dataDirectory, "global", "pg_control")))
        {
            return null;
        }

        try
        {
            return (await ControlData.ReadAsync(binaries, dataDirectory, cancellationToken)).SystemIdentifier;
        }
        catch (PgdrException e) when (e.Code is ErrorCodes.ToolFailed)
        {
            return null;
        }
    }
}
