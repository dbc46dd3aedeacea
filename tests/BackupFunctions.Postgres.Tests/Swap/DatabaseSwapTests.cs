using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Swap;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Swap;

[Collection(ServerCollection.Name)]
public sealed class DatabaseSwapTests(ServerFixture fixture)
{
    [Fact]
    public async Task Swap_OfALiveDatabase_CarriesEveryPropertyOverAndKeepsTheOldOne()
    {
        var setting = await SettingAsync();
        var before = await PropertiesAsync(setting.Live);

        var outcome = await SwapAsync(setting);

        outcome.KeptDatabase.ShouldBe("pgdr_kept_" + setting.RestoreId);
        var after = await PropertiesAsync(setting.Live);
        (after with { Acl = null, Settings = [] }).ShouldBe(before with { Acl = null, Settings = [] });
        after.Acl!.ShouldBe(before.Acl!, ignoreOrder: true);
        after.Settings.ShouldBe(before.Settings, ignoreOrder: true);
        (await OidAsync(setting.Live)).ShouldBe(setting.Scratch.Oid);
        (await fixture.Server.ScalarAsync<string>("select v from origin", setting.Live)).ShouldBe("restored");
        (await PropertiesAsync(outcome.KeptDatabase!)).AllowConnections.ShouldBeFalse();
        (await PropertiesAsync(outcome.KeptDatabase!)).Comment.ShouldNotBeNull().ShouldContain(setting.RestoreId);
    }

    [Fact]
    public async Task Swap_OfADatabaseThatRefusedARole_StillRefusesIt()
    {
        var setting = await SettingAsync();
        var role = fixture.NewName("outsider");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'");
        (await Should.ThrowAsync<PgdrException>(() => fixture.ConnectionAs(role, "x").OpenAsync(setting.Live, default)))
            .Code.ShouldBe(ErrorCodes.PermissionMissing);

        await SwapAsync(setting);

        (await Should.ThrowAsync<PgdrException>(() => fixture.ConnectionAs(role, "x").OpenAsync(setting.Live, default)))
            .Code.ShouldBe(ErrorCodes.PermissionMissing);
    }

    [Fact]
    public async Task Swap_WithSessionsInBothDatabases_EndsThem()
    {
        var setting = await SettingAsync();
        await using var first = await fixture.Server.OpenAsync(setting.Live);
        await using var second = await fixture.Server.OpenAsync(setting.Scratch.Name);

        (await SwapAsync(setting)).EndedSessions.ShouldBe(2);

        await using var command = new NpgsqlCommand("select 1", first);
        await Should.ThrowAsync<NpgsqlException>(() => command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Swap_WhenTheLiveDatabaseIsGone_TakesPropertiesFromTheBackup()
    {
        var setting = await SettingAsync();
        var before = await PropertiesAsync(setting.Live);
        await fixture.Server.ExecuteAsync($"drop database {ServerFixture.Quote(setting.Live)}");

        var outcome = await SwapAsync(setting, before with { ConnectionLimit = 7 });

        outcome.KeptDatabase.ShouldBeNull();
        var after = await PropertiesAsync(setting.Live);
        after.ConnectionLimit.ShouldBe(7);
        after.Owner.ShouldBe(before.Owner);
        after.Comment.ShouldBe(before.Comment);
    }

    [Theory]
    [InlineData(nameof(SwapStep.Applied))]
    [InlineData(nameof(SwapStep.Remembered))]
    [InlineData(nameof(SwapStep.Closed))]
    [InlineData(nameof(SwapStep.SessionsEnded))]
    [InlineData(nameof(SwapStep.Renamed))]
    public async Task Swap_KilledAtAnyStep_IsFinishedByTheNextRun(string killedAt)
    {
        var setting = await SettingAsync();
        var before = await PropertiesAsync(setting.Live);
        var oldOid = await OidAsync(setting.Live);
        await CrashAsync(setting, Enum.Parse<SwapStep>(killedAt));

        var outcome = await SwapAsync(setting);
        var again = await SwapAsync(setting);

        outcome.KeptDatabase.ShouldBe("pgdr_kept_" + setting.RestoreId);
        again.KeptDatabase.ShouldBe(outcome.KeptDatabase);
        (await OidAsync(setting.Live)).ShouldBe(setting.Scratch.Oid);
        (await OidAsync(outcome.KeptDatabase!)).ShouldBe(oldOid);
        var after = await PropertiesAsync(setting.Live);
        after.AllowConnections.ShouldBeTrue();
        after.ConnectionLimit.ShouldBe(before.ConnectionLimit);
        after.Comment.ShouldBe(before.Comment);
        after.Settings.ShouldBe(before.Settings, ignoreOrder: true);
    }

    [Fact]
    public async Task Swap_KilledWithTheDatabaseClosedAndThenAbandoned_OpensItWithTheScratchDropped()
    {
        var setting = await SettingAsync();
        await CrashAsync(setting, SwapStep.Closed);
        (await PropertiesAsync(setting.Live)).AllowConnections.ShouldBeFalse();

        await ScratchDatabase.DropAsync(fixture.Connection, setting.RestoreId, setting.Scratch.Oid, default);

        (await fixture.Server.ScalarAsync<string>("select v from origin", setting.Live)).ShouldBe("old");
    }

    [Fact]
    public async Task Swap_WithAPreparedTransaction_IsRefusedAndLeavesTheDatabaseOpen()
    {
        var setting = await SettingAsync();
        var gid = fixture.NewName("gid");
        await fixture.Server.ExecuteAsync($"begin; insert into origin values ('p'); prepare transaction '{gid}'", setting.Live);

        var failure = await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting));

        failure.Code.ShouldBe(ErrorCodes.SwapBlocked);
        failure.Message.ShouldContain(gid);
        await fixture.Server.ExecuteAsync($"rollback prepared '{gid}'", setting.Live);
        await SwapAsync(setting);
    }

    [Fact]
    public async Task Swap_WithALogicalSlot_IsRefused()
    {
        var setting = await SettingAsync();
        var slot = fixture.NewName("slot");
        await fixture.Server.ExecuteAsync($"select pg_create_logical_replication_slot('{slot}', 'pgoutput')", setting.Live);

        var failure = await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting));
        await fixture.Server.ExecuteAsync($"select pg_drop_replication_slot('{slot}')", setting.Live);

        failure.Code.ShouldBe(ErrorCodes.SwapBlocked);
        failure.Message.ShouldContain(slot);
    }

    [Fact]
    public async Task Swap_WithASubscriptionThatHasASlot_IsRefusedAndOneWithoutStaysWithTheKeptDatabase()
    {
        var setting = await SettingAsync();
        var subscription = fixture.NewName("sub");
        await fixture.Server.ExecuteAsync(
            $"create subscription {subscription} connection 'host=nowhere.invalid' publication p with (connect = false)", setting.Live);

        var failure = await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting));
        await fixture.Server.ExecuteAsync($"alter subscription {subscription} set (slot_name = none)", setting.Live);
        var swapped = await SwapAsync(setting);

        failure.Code.ShouldBe(ErrorCodes.SwapBlocked);
        failure.Message.ShouldContain(subscription);
        (await fixture.Server.ScalarAsync<string>(
            $"select datname::text from pg_subscription join pg_database d on d.oid = subdbid where subname = '{subscription}'")).ShouldBe(swapped.KeptDatabase);
    }

    [Fact]
    public async Task Swap_WhenTheNameOfTheKeptOneIsTaken_IsRefused()
    {
        var setting = await SettingAsync();
        await fixture.NewDatabaseAsync(name: "pgdr_kept_" + setting.RestoreId);

        (await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting))).Code.ShouldBe(ErrorCodes.SwapBlocked);
    }

    [Fact]
    public async Task Swap_OfAScratchThatBelongsToAnotherRestore_IsRefused()
    {
        var setting = await SettingAsync();

        var failure = await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting with { RestoreId = "other" }));

        failure.Code.ShouldBe(ErrorCodes.SwapBlocked);
        (await fixture.Server.ScalarAsync<string>("select v from origin", setting.Live)).ShouldBe("old");
    }

    [Fact]
    public async Task Swap_OfAScratchThatIsGone_SaysSo()
    {
        var setting = await SettingAsync();
        await ScratchDatabase.DropAsync(fixture.Connection, setting.RestoreId, setting.Scratch.Oid, default);

        (await Should.ThrowAsync<PgdrException>(() => SwapAsync(setting))).Code.ShouldBe(ErrorCodes.DatabaseUnknown);
    }

    [Fact]
    public async Task Swap_ThatFailsAfterClosing_OpensTheLiveDatabaseAgain()
    {
        var setting = await SettingAsync();
        // A comment not yet committed keeps the rename waiting, with the doors closed.
        await using var blocker = await fixture.Server.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"comment on database {ServerFixture.Quote(setting.Live)} is 'held'", blocker, transaction);
        await command.ExecuteNonQueryAsync();
        using var stop = new CancellationTokenSource();
        var swap = SwapAsync(setting, cancellationToken: stop.Token);
        while (await fixture.Server.ScalarAsync<long>("select count(*) from pg_locks where not granted") == 0 && !swap.IsCompleted)
        {
        }

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => swap);
        (await PropertiesAsync(setting.Live)).AllowConnections.ShouldBeTrue();
    }

    [Fact]
    public async Task Swap_OfThe63ByteNameAndOfTheMaintenanceDatabase_Works()
    {
        var setting = await SettingAsync(new string('n', 63));
        (await SwapAsync(setting)).KeptDatabase.ShouldNotBeNull();

        await using var server = await PostgresServer.StartAsync();
        var connection = fixture.Connection with { Port = server.Port };
        var properties = await DatabasePropertiesReader.ReadAsync(connection, "postgres", default);
        var scratch = await ScratchDatabase.CreateAsync(connection, "m1", properties!, default);
        var outcome = await DatabaseSwap.RunAsync(connection, "m1", scratch.Name, scratch.Oid, "postgres", properties!, default);

        outcome.KeptDatabase.ShouldBe("pgdr_kept_m1");
        (await PropertiesAsync("postgres", connection)).Comment.ShouldBe(properties!.Comment);
    }

    /// <summary>A live database with unusual properties, and a scratch one to replace it.</summary>
    private async Task<SwapSetting> SettingAsync(string? liveName = null)
    {
        var live = await fixture.NewDatabaseAsync("create table origin (v text); insert into origin values ('old')", liveName ?? fixture.NewName("Live \"'"));
        var owner = fixture.NewName("Owner ");
        var role = fixture.NewName("role");
        var name = ServerFixture.Quote(live);
        await fixture.Server.ExecuteAsync(
            $"""
            create role "{owner}"; create role {role}; create role {role}_sub;
            alter database {name} owner to "{owner}"; revoke all on database {name} from public;
            set role "{owner}"; grant connect, temp on database {name} to {role} with grant option; reset role;
            set role {role}; grant connect on database {name} to {role}_sub; reset role;
            alter database {name} connection limit 33; comment on database {name} is 'it''s \ mine';
            alter database {name} set search_path = "$user", public, "odd ""one, two"; alter database {name} set work_mem = '7MB';
            alter database {name} set "app.tenant" = 'a''b\c'; alter role {role} in database {name} set statement_timeout = '3s'
            """);
        var restoreId = fixture.NewName("restore");
        var properties = await PropertiesAsync(live);
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, restoreId, properties, default);
        await fixture.Server.ExecuteAsync("create table origin (v text); insert into origin values ('restored')", scratch.Name);
        return new SwapSetting(restoreId, live, scratch, properties);
    }

    private Task<SwapOutcome> SwapAsync(SwapSetting setting, DatabaseProperties? fallback = null, CancellationToken cancellationToken = default) =>
        DatabaseSwap.RunAsync(
            fixture.Connection, setting.RestoreId, setting.Scratch.Name, setting.Scratch.Oid, setting.Live, fallback ?? setting.Properties, cancellationToken);

    /// <summary>Ends between two steps without any cleaning up, as SIGKILL does.</summary>
    private async Task CrashAsync(SwapSetting setting, SwapStep at)
    {
        await using var connection = await fixture.Connection.OpenAsync("postgres", default);
        var request = new SwapRequest(setting.RestoreId, setting.Scratch.Name, setting.Scratch.Oid, setting.Live, setting.Properties);
        var run = new SwapRun(connection, fixture.Connection, request, step =>
        {
            if (step == at)
            {
                throw new InvalidOperationException("killed");
            }
        });
        await Should.ThrowAsync<InvalidOperationException>(() => run.RunAsync(default));
    }

    private async Task<DatabaseProperties> PropertiesAsync(string name, Postgres.Servers.ServerConnection? connection = null) =>
        (await DatabasePropertiesReader.ReadAsync(connection ?? fixture.Connection, name, default)).ShouldNotBeNull();

    private async Task<long> OidAsync(string name) =>
        await fixture.Server.ScalarAsync<long>($"select oid::bigint from pg_database where datname = '{name.Replace("'", "''", StringComparison.Ordinal)}'");
}
