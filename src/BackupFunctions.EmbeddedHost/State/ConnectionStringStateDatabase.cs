using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The state database that the settings name.</summary>
internal sealed class ConnectionStringStateDatabase(string connectionString) : IStateDatabase, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(WithPreparedStatements(connectionString));

    public ValueTask<NpgsqlDataSource> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_source);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>The engine runs few statements often: parsing and planning them once halves its round trip.</summary>
    private static string WithPreparedStatements(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.MaxAutoPrepare == 0)
        {
            builder.MaxAutoPrepare = 64;
            builder.AutoPrepareMinUsages = 2;
        }

        return builder.ConnectionString;
    }
}
