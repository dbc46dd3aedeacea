using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The state database that the settings name.</summary>
internal sealed class ConnectionStringStateDatabase(string connectionString) : IStateDatabase, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public ValueTask<NpgsqlDataSource> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_source);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
