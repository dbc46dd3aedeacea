using System.Diagnostics;
using System.Net.Http.Json;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.JobRunners;
using BackupFunctions.Merges;
using BackupFunctions.Recovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.Tests.Support;

/// <summary>The whole app in this process: its own functions, services and engine; only jobs and recovery actions are scripted.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    public const string MasterKey = "master-key-of-the-test";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private AppHost(string stateConnection, (string Key, string Value)[] settings) => _host = Build(stateConnection, settings);

    public ScriptedJobRunner Jobs { get; } = new();

    public ScriptedRecoveryAction Actions { get; } = new();

    public HttpClient Http { get; } = new();

    /// <summary>All that the host writes is below it.</summary>
    public string Folder => _folder.Path;

    public DurableTaskClient Client => Service<DurableTaskClient>();

    public static async Task<AppHost> StartAsync(StateServer server, params (string Key, string Value)[] settings)
    {
        var host = new AppHost(await server.CreateDatabaseAsync(), settings);
        await host._host.StartAsync();
        host.Http.BaseAddress = new Uri((await File.ReadAllTextAsync(host._folder["url"])).Trim());
        host.Http.DefaultRequestHeaders.Add("x-functions-key", MasterKey);
        return host;
    }

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Merges that may have left something.</summary>
    public IReadOnlyList<MergeEntry> Merges() => Service<MergeRegister>().List(path => throw new InvalidOperationException(path));

    /// <summary>Starts a recovery the way an operator does.</summary>
    /// <returns>The instance.</returns>
    public async Task<string> RecoverAsync(string database = "shop")
    {
        using var response = await Http.PostAsJsonAsync("api/disaster-recovery", new { database, reason = "a test", confirm = database });
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return DisasterRecoveryInstances.IdOf(database);
    }

    /// <summary>Starts a merge the way an operator does; it writes.</summary>
    /// <returns>The instance.</returns>
    public async Task<string> MergeAsync(string database = "shop")
    {
        using var response = await Http.PostAsJsonAsync("api/merges", new { database, reason = "a test", confirm = database, apply = true });
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return MergeInstances.IdOf(database);
    }

    public async Task<DisasterRecoveryReport> ReportAsync(string instance)
    {
        var end = await EndAsync(instance);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        return end.ReadOutputAs<DisasterRecoveryReport>()!;
    }

    public async Task<OrchestrationMetadata> EndAsync(string instance)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: true, limit.Token);
    }

    /// <summary>The status once the recovery waits for a person.</summary>
    public async Task<DisasterRecoveryStatus> WaitingAsync(string instance, int step)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var state = (await Client.GetInstancesAsync(instance, getInputsAndOutputs: true))!;
            state.IsCompleted.ShouldBeFalse(state.SerializedOutput);
            if (state.ReadCustomStatusAs<DisasterRecoveryStatus>() is { AwaitingEvents: not null } status && status.CurrentStep == step)
            {
                return status;
            }

            watch.Elapsed.ShouldBeLessThan(Limit, $"step {step} never waited: {state.SerializedCustomStatus}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }

    private IHost Build(string stateConnection, (string Key, string Value)[] settings)
    {
        File.WriteAllText(_folder["host.json"], """{ "version": "2.0", "logging": { "logLevel": { "default": "Error" } } }""");
        var builder = FunctionsApplication.CreateBuilder(
            [], new HostEnvironment { ContentRoot = _folder.Path, SettingsFile = null, FunctionTypes = typeof(StartBackup).Assembly.GetTypes() });
        Dictionary<string, string?> values = new(StringComparer.Ordinal)
        {
            ["HOST_URL"] = "http://127.0.0.1:0",
            ["HOST_URL_FILE"] = _folder["url"],
            ["DATA_FOLDER"] = _folder["data"],
            ["STATE_CONNECTION"] = stateConnection,
            ["HOST_MASTER_KEY"] = MasterKey,
            ["Servers:main:Host"] = "db.example",
            ["BACKUP_DATABASES"] = "shop",
            ["LOCAL_BACKUP_PATH"] = _folder["backups"],
            ["RESTART_COMMAND"] = """["restart"]""",
            ["REROUTE_COMMAND"] = """["reroute"]""",
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        builder.ConfigureFunctionsWebApplication();
        builder.AddBackupFunctions();
        builder.Services.AddSingleton<IJobRunner>(Jobs);
        builder.Services.AddSingleton<IRecoveryAction>(Actions);
        return builder.Build();
    }
}
