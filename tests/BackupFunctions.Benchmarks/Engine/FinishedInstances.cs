using Npgsql;

namespace BackupFunctions.Benchmarks.Engine;

/// <summary>Fills the state with finished instances: copies of one that really ran, each with its history.</summary>
internal static class FinishedInstances
{
    public static async Task SeedAsync(string connectionString, int count)
    {
        string template;
        await using (var engine = await EngineUnderMeasure.StartAsync(connectionString))
        {
            template = await engine.Client.ScheduleNewOrchestrationInstanceAsync(EngineUnderMeasure.Chain, 5);
            await engine.EndAsync(template);
        }

        await using var source = NpgsqlDataSource.Create(connectionString);
        await CopyAsync(source, "instances", template, count);
        await CopyAsync(source, "history", template, count);
        await using var analyze = source.CreateCommand("VACUUM ANALYZE durable.instances, durable.history");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task CopyAsync(NpgsqlDataSource source, string table, string template, int count)
    {
        await using var columns = source.CreateCommand(
            """
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum), string_agg(
                CASE attname WHEN 'instance_id' THEN 't.instance_id || ''-'' || n' ELSE 't.' || quote_ident(attname) END, ', ' ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = ('durable.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
            """);
        columns.Parameters.Add(new NpgsqlParameter { Value = table });
        await using var reader = await columns.ExecuteReaderAsync();
        await reader.ReadAsync();
        var insert = $"INSERT INTO durable.{table} ({reader.GetString(0)}) SELECT {reader.GetString(1)} "
            + $"FROM durable.{table} t, generate_series(1, $2) n WHERE t.instance_id = $1";
        await reader.CloseAsync();
        await using var command = source.CreateCommand(insert);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter { Value = template });
        command.Parameters.Add(new NpgsqlParameter { Value = count });
        await command.ExecuteNonQueryAsync();
    }
}
