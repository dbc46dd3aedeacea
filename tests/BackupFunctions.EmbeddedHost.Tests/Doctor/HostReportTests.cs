using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Doctor;
using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.EmbeddedHost.Tests.Support;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Tests.Doctor;

public sealed class HostReportTests(StateServer server) : DoctorTests(server)
{
    [Fact]
    public async Task Examine_UnusedDatabase_HasNoSchemaAndGetsNone()
    {
        var report = await ExamineAsync(Hour);

        (report.SchemaVersion, report.ExpectedSchemaVersion, report.Backlog).ShouldBe((null, SchemaScripts.Newest, null));
        report.IsHealthy.ShouldBeTrue();
        (await IsAsync("SELECT to_regnamespace('durable') IS NULL")).ShouldBeTrue();
    }

    [Fact]
    public async Task Examine_Instances_AreCountedByStatus()
    {
        Engine.Orchestrator("Finishes", _ => Task.FromResult("done"))
            .Orchestrator<string>("Throws", _ => throw new InvalidOperationException("It was meant to fail."))
            .Orchestrator("Asks", context => context.WaitForExternalEvent<string>("go"));
        await StartAndSettleAsync("Asks", "asks");
        await Engine.ScheduleAsync("Finishes", "finished");
        await Engine.ScheduleAsync("Throws", "failed");
        await Engine.EndAsync("finished");
        await Engine.EndAsync("failed");

        var report = await ExamineAsync(Hour, Engine.Functions);

        report.Instances.ShouldBe(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["Completed"] = 1, ["Failed"] = 1, ["Running"] = 1 }, ignoreOrder: true);
        report.OpenInstances.ShouldHaveSingleItem().InstanceId.ShouldBe("asks");
        report.SchemaVersion.ShouldBe(SchemaScripts.Newest);
    }

    [Fact]
    public async Task Examine_HostsWithoutASession_AreDeadOrUnknown()
    {
        // Registered as a host registers, without the looks of a running one, which take a dead host's work.
        await Engine.ScheduleAsync("Flow", "another");
        await using var session = await ConnectAsync();
        await OwnerStore.RegisterAsync(session, OwnerIdentity.OfThisProcess(), CancellationToken.None);
        await ExecuteAsync(
            $"""
            INSERT INTO durable.owners (machine, process_id, process_started_at) VALUES ('{Environment.MachineName}', 2147483000, now()), ('elsewhere', 1, now());
            INSERT INTO durable.instances (hub, instance_id, execution_id, name, status, created_at, last_updated_at, locked_by, lock_expires_at)
            SELECT 'BackupFunctions', 'held', '1', 'Flow', 'Running', now(), now(), owner_id, now() + interval '1 day' FROM durable.owners WHERE machine <> 'elsewhere'
                AND process_id = 2147483000
            """);

        var justStarted = await ExamineAsync(Hour, lease: TimeSpan.FromDays(1));
        justStarted.Hosts.Select(host => host.Life).ShouldBe([HostLife.Alive, HostLife.Dead, HostLife.Unknown]);
        justStarted.Hosts[1].Leases.ShouldHaveSingleItem().InstanceId.ShouldBe("held");
        var upForLong = await ExamineAsync(Hour, lease: TimeSpan.Zero);
        upForLong.Hosts.Select(host => host.Life).ShouldBe([HostLife.Alive, HostLife.Dead, HostLife.Dead]);
    }

    [Fact]
    public async Task Examine_DeadHostThatAnotherHostLooksAt_IsDead()
    {
        await Engine.ScheduleAsync("Flow", "another");
        await ExecuteAsync("INSERT INTO durable.owners (machine, process_id, process_started_at) VALUES ('elsewhere', 1, now())");
        await using var session = await ConnectAsync();
        (await session.ScalarAsync<bool>(
            "SELECT pg_try_advisory_lock_shared($1, owner_id) FROM durable.owners", CancellationToken.None, OwnerStore.LockClass)).ShouldBeTrue();

        (await ExamineAsync(Hour, lease: TimeSpan.Zero)).Hosts.ShouldHaveSingleItem().Life.ShouldBe(HostLife.Dead);
    }

    [Fact]
    public async Task Examine_LeaseOfAHostThatIsNotRegistered_IsShown()
    {
        await Engine.ScheduleAsync("Flow", "held");
        await ExecuteAsync("UPDATE durable.instances SET locked_by = 77, lock_expires_at = now() + interval '1 day'");

        var host = (await ExamineAsync(Hour)).Hosts.ShouldHaveSingleItem();

        (host.Owner, host.Machine, host.Life).ShouldBe((77, null, HostLife.Dead));
        host.ToString().ShouldBe("host 77, which is gone");
        host.Leases.ShouldHaveSingleItem().InstanceId.ShouldBe("held");
    }

    [Fact]
    public async Task Examine_OlderSchema_IsReportedWithoutReadingInstances()
    {
        await Engine.ScheduleAsync("Flow", "flow");
        await ExecuteAsync("DELETE FROM durable.versions");

        var report = await ExamineAsync(Hour);

        report.SchemaVersion.ShouldBe(0);
        report.Instances["Pending"].ShouldBe(1);
        report.OpenInstances.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefused()
    {
        await Engine.ScheduleAsync("Flow", "flow");
        await ExecuteAsync("INSERT INTO durable.versions (version) VALUES (999)");

        (await Should.ThrowAsync<PgdrException>(OpenAsync)).Code.ShouldBe(ErrorCodes.StateTooNew);
    }

    [Fact]
    public async Task Open_Snapshot_CannotWriteAndSeesOneMoment()
    {
        await Engine.ScheduleAsync("Flow", "first");
        await using var state = await OpenAsync();
        (await state.Connection.ScalarAsync<long>("SELECT count(*) FROM durable.instances", CancellationToken.None)).ShouldBe(1);
        await Engine.ScheduleAsync("Flow", "second");

        (await state.Connection.ScalarAsync<long>("SELECT count(*) FROM durable.instances", CancellationToken.None)).ShouldBe(1);
        var refused = await Should.ThrowAsync<PostgresException>(
            () => state.Connection.ExecuteAsync("DELETE FROM durable.instances", CancellationToken.None));
        refused.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Fact]
    public async Task Open_ServerAway_SaysSo()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Password=secret-canary");

        var error = await Should.ThrowAsync<PgdrException>(() => StateSnapshot.OpenAsync(nowhere, "BackupFunctions", CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.ServerUnreachable);
        error.Message.ShouldNotContain("canary");
    }
}
