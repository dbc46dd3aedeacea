using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.State;

/// <summary>
/// A host with an instance in every situation, stopped and dumped; and the workflows with which a later release takes it over. Workflows
/// are added, never changed: dumps of old releases have them.
/// </summary>
internal static class OldState
{
    public const string Output = "\"done\"";

    /// <summary>Instances that are under way, in the dump.</summary>
    public static readonly string[] Open = ["event", "signaled", "timer", "activity", "parent", "suspended", "renewed", "retries", "planned"];

    /// <param name="engine">Gets the workflows.</param>
    /// <param name="isOld">Activities that a stop interrupts, as opposed to ones that end.</param>
    public static Engine AddWorkflows(Engine engine, bool isOld)
    {
        Task<object?> Work(CancellationToken cancellation) =>
            isOld ? Task.Delay(Timeout.Infinite, cancellation).ContinueWith<object?>(_ => throw new OperationCanceledException(cancellation), TaskScheduler.Default) : Task.FromResult<object?>("done");
        return engine
            .Orchestrator("WaitsForEvent", context => context.WaitForExternalEvent<string>("go"))
            .Orchestrator("WaitsForTimer", async context =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddDays(2), CancellationToken.None);
                return "done";
            })
            .Orchestrator("CallsActivity", context => context.CallActivityAsync<string>("Work"))
            .Orchestrator("CallsChild", context => context.CallSubOrchestratorAsync<string>("WaitsForEvent", null, new SubOrchestrationOptions { InstanceId = "child" }))
            .Orchestrator("Renews", async context =>
            {
                if (context.GetInput<int>() < 2)
                {
                    context.ContinueAsNew(context.GetInput<int>() + 1);
                    return null;
                }

                return await context.WaitForExternalEvent<string>("go");
            })
            .Orchestrator("Retries", context => context.CallActivityAsync<string>(
                "Fails", options: TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromDays(1)))))
            .Orchestrator("Finishes", _ => Task.FromResult("done"))
            .Orchestrator<string>("Throws", _ => throw new InvalidOperationException("It was meant to fail."))
            .Activity("Work", (_, cancellation) => Work(cancellation))
            .Activity("Fails", (_, _) => isOld ? throw new InvalidOperationException("The first attempt fails.") : Task.FromResult<object?>("done"));
    }

    /// <returns>The dump: plain SQL of pg_dump.</returns>
    public static async Task RecordAsync(StateServer server, string file)
    {
        var database = await server.CreateDatabaseAsync();
        await using var engine = AddWorkflows(new Engine(server.Pooled(database)), isOld: true);
        await engine.StartAsync();
        foreach (var id in new[] { "event", "signaled", "suspended", "terminated" })
        {
            await engine.ScheduleAsync("WaitsForEvent", id);
        }

        await engine.ScheduleAsync("WaitsForTimer", "timer");
        await engine.ScheduleAsync("CallsActivity", "activity");
        await engine.ScheduleAsync("CallsChild", "parent");
        await engine.ScheduleAsync("Renews", "renewed", 0);
        await engine.ScheduleAsync("Retries", "retries");
        await engine.ScheduleAsync("Finishes", "finished");
        await engine.ScheduleAsync("Throws", "failed");
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Finishes", null, new StartOrchestrationOptions("planned", TimeProvider.System.GetUtcNow().AddDays(3)));
        await engine.EndAsync("finished");
        await engine.EndAsync("failed");
        await engine.Client.SuspendInstanceAsync("suspended", "for a while");
        await engine.UntilStatusAsync("suspended", OrchestrationRuntimeStatus.Suspended);
        await engine.Client.RaiseEventAsync("suspended", "go", "done");
        await engine.Client.TerminateInstanceAsync("terminated", "by hand");
        await engine.EndAsync("terminated");
        await Engine.UntilAsync(() => IsSettledAsync(server, database));
        await engine.StopAsync();
        await engine.Client.RaiseEventAsync("signaled", "go", "done");
        await CommandLine.RunAsync(
            Path.Combine(server.Server.Binaries, "pg_dump"), "--dbname", server.Server.ConnectionString(database).ToUri(), "--no-owner", "--file", file);
        await NeutralizeAsync(file);
    }

    public static async Task<string> RestoreAsync(StateServer server, string file)
    {
        var database = await server.CreateDatabaseAsync();
        await CommandLine.RunAsync(
            Path.Combine(server.Server.Binaries, "psql"), "--dbname", server.Server.ConnectionString(database).ToUri(), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", file);
        return database;
    }

    /// <summary>Without the folder of this build in stack traces, and without meta-commands that an older psql does not know.</summary>
    private static async Task NeutralizeAsync(string file)
    {
        var lines = (await File.ReadAllLinesAsync(file)).Where(line => !line.StartsWith("\\restrict ", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict ", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(file, lines.Select(line => line.Replace(Repository.PathOf(string.Empty), string.Empty, StringComparison.Ordinal)).ToList());
    }

    /// <summary>Every instance is where it shall be dumped: waiting, its activity begun, its child begun, its first attempt failed.</summary>
    private static async Task<bool> IsSettledAsync(StateServer server, string database) =>
        await server.Server.ScalarAsync<bool>(
            """
            SELECT (SELECT count(*) FROM durable.instances WHERE instance_id IN ('event', 'signaled', 'timer', 'activity', 'parent', 'child', 'renewed', 'retries')
                    AND status = 'Running' AND lock_expires_at IS NULL) = 8
                AND (SELECT dequeue_count = 1 FROM durable.new_tasks)
                AND (SELECT count(*) = 0 FROM durable.new_events WHERE NOT is_held AND visible_at <= now())
                AND (SELECT count(*) = 1 FROM durable.new_events WHERE is_held)
                AND (SELECT count(*) = 2 FROM durable.new_events WHERE event_type = 'TimerFired')
                AND (SELECT count(*) > 0 FROM durable.history WHERE instance_id = 'renewed')
            """,
            database);

    private static string ToUri(this string connectionString)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}";
    }
}
