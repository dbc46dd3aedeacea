using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

internal static class MaterializedViews
{
    /// <summary>Fills them; one that reads another waits for that.</summary>
    /// <param name="connection">As a superuser.</param>
    /// <param name="views">As SQL names.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">tool.failed: one cannot be filled.</exception>
    public static async Task FillAsync(NpgsqlConnection connection, IReadOnlyList<string> views, CancellationToken cancellationToken)
    {
        var open = views.ToList();
        while (open.Count > 0)
        {
            var waiting = new List<string>();
            foreach (var view in open)
            {
                try
                {
                    await connection.ExecuteAsync($"REFRESH MATERIALIZED VIEW {view}", cancellationToken);
                }
                catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
                {
                    waiting.Add(view);
                }
                catch (PostgresException exception)
                {
                    throw new PgdrException(
                        ErrorCodes.ToolFailed, $"The materialised view {view} cannot be filled ({exception.MessageText.ReplaceLineEndings(" ")}): restore another backup, or mend the view.", exception);
                }
            }

            open = waiting.Count < open.Count
                ? waiting
                : throw new PgdrException(ErrorCodes.ToolFailed, $"The materialised view {open[0]} reads one that was not filled: fill that one and take the backup again.");
        }
    }
}
