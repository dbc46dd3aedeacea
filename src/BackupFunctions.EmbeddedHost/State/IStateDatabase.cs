using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Where the host keeps its state: a database named in the settings, or the host's own private cluster.</summary>
internal interface IStateDatabase
{
    /// <summary>Starts or reaches the database and returns its pool; the same one at every call.</summary>
    ValueTask<NpgsqlDataSource> OpenAsync(CancellationToken cancellationToken);
}
