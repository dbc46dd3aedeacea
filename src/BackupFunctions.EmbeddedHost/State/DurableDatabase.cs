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

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var source = _ready ?? await PrepareAsync(cancellationToken);
        return await source.OpenConnectionAsync(cancellationToken);
    }

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
