using BackupFunctions.EmbeddedHost.Durable;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Connections to the state database, its schema being there.</summary>
internal sealed class DurableDatabase(IStateDatabase state, IOptions<DurableEngineOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _installing = new(1, 1);
    private NpgsqlDataSource? _ready;

    public string Hub { get; } = options.Value.HubName;

    /// <summary>Collects the large values of one transaction.</summary>
    public PayloadBatch NewPayloads() => new(Hub, options.Value.PayloadThreshold);

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var source = _ready ?? await PrepareAsync(cancellationToken);
        return await source.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>Forgets idle connections; after a restart of the server each of them would fail once.</summary>
    public void ForgetConnections() => _ready?.Clear();

    public void Dispose() => _installing.Dispose();

    private async Task<NpgsqlDataSource> PrepareAsync(CancellationToken cancellationToken)
    {
        await _installing.WaitAsync(cancellationToken);
        try
        {
            if (_ready is null)
            {
                var source = await state.OpenAsync(cancellationToken);
                await SchemaInstaller.InstallAsync(source, cancellationToken);
                _ready = source;
            }

            return _ready;
        }
        finally
        {
            _installing.Release();
        }
    }
}
