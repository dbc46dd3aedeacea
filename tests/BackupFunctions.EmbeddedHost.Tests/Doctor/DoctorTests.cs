using BackupFunctions.EmbeddedHost.Doctor;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Tests.Doctor;

/// <summary>A state database, an engine on it, and the doctor who looks at it.</summary>
[Collection(StateServerCollection.Name)]
public abstract class DoctorTests(StateServer server) : IAsyncLifetime
{
    private protected static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly StatePlace Place = new("a test's database", StartedForThisLook: false, []);

    private NpgsqlDataSource _source = null!;
    private string _database = null!;

    private protected Engine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(server.Pooled(_database));
        Engine = new Engine(server.Pooled(_database));
    }

    public async Task DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _source.DisposeAsync();
    }

    private protected Task ExecuteAsync(string sql) => server.Server.ExecuteAsync(sql, _database);

    private protected async Task<bool> IsAsync(string sql) => await server.Server.ScalarAsync<bool>(sql, _database);

    private protected async Task<NpgsqlConnection> ConnectAsync() => await _source.OpenConnectionAsync();

    private protected Task<StateSnapshot> OpenAsync() => StateSnapshot.OpenAsync(_source, "BackupFunctions", CancellationToken.None);

    /// <param name="limit">For how long an instance may stand still.</param>
    /// <param name="code">The present code; null when it is not at hand.</param>
    /// <param name="later">The look is so much later than now.</param>
    /// <param name="lease">A server up for less says nothing about hosts without a session.</param>
    private protected async Task<HostReport> ExamineAsync(
        TimeSpan limit, DurableFunctionRegistry? code = null, TimeSpan later = default, TimeSpan? lease = null)
    {
        await using var state = await OpenAsync();
        var check = code is null
            ? null
            : new HistoryCheck(code, ReplaySettings.Of(new DurableEngineOptions(), new JsonDataConverter(), NullLoggerFactory.Instance));
        return await new HostDoctor(state, check, lease ?? TimeSpan.FromDays(1))
            .ExamineAsync(Place, TimeProvider.System.GetUtcNow().UtcDateTime + later, limit, CancellationToken.None);
    }

    private protected async Task<InstanceDiagnosis> DiagnoseAsync(
        string id, TimeSpan limit, DurableFunctionRegistry? code = null, TimeSpan later = default) =>
        (await ExamineAsync(limit, code, later)).OpenInstances.Single(instance => instance.InstanceId == id);

    /// <summary>Starts the engine and waits until the instance has done its first turn and nothing is due.</summary>
    private protected async Task StartAndSettleAsync(string orchestrator, string id)
    {
        await Engine.StartAsync();
        await Engine.ScheduleAsync(orchestrator, id);
        await SettleAsync(id);
    }

    private protected Task SettleAsync(string id) => Engine.UntilAsync(() => IsAsync(
        $"""
        SELECT EXISTS (SELECT FROM durable.history WHERE instance_id = '{id}')
            AND EXISTS (SELECT FROM durable.instances WHERE instance_id = '{id}' AND lock_expires_at IS NULL)
            AND NOT EXISTS (SELECT FROM durable.new_events WHERE visible_at <= now())
        """));
}
