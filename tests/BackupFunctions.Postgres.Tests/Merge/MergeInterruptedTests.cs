using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>The server ends a session of the merge, at each of its stages: nothing is written, and the sentence says so.</summary>
[Collection(ServerCollection.Name)]
public sealed class MergeInterruptedTests(ServerFixture fixture)
{
    /// <summary>Rows of this table wait for whoever holds advisory lock 1 of the database.</summary>
    private const string Sql = """
        create function public.slowly(a int) returns int language plpgsql immutable as $$ begin perform pg_catalog.pg_advisory_xact_lock(1); return a; end $$;
        create table t (a serial primary key, b int generated always as (public.slowly(a)) stored); create table u (a int primary key);
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_SessionEndedWhileItCompares_WritesNothing(bool live)
    {
        var (into, from) = await MakeAsync();

        var error = await Should.ThrowAsync<PgdrException>(() => DatabaseMerge.RunAsync(
            fixture.Connection, Request(into, from), new Ending(fixture, live ? into : from), CancellationToken.None));

        await WroteNothingAsync(error, into);
        await CompletesAsync(into, from);
    }

    [Fact]
    public async Task Merge_SessionEndedWhileItWrites_WritesNothing()
    {
        var (into, from) = await MakeAsync();
        await using var holder = await fixture.Server.OpenAsync(into);
        await ExecuteAsync(holder, "select pg_advisory_lock(1)");
        var merge = RunAsync(Request(into, from));
        await EndWaitingAsync(into, "advisory");

        await WroteNothingAsync(await Should.ThrowAsync<PgdrException>(() => merge), into);
        await ExecuteAsync(holder, "select pg_advisory_unlock(1)");
        await CompletesAsync(into, from);
    }

    [Fact]
    public async Task Merge_SessionEndedBehindTheLastRow_WritesNothing()
    {
        var (into, from) = await MakeAsync();
        await using var holder = await fixture.Server.OpenAsync(into);
        await ExecuteAsync(holder, "begin; alter sequence t_a_seq cache 2");
        var merge = RunAsync(Request(into, from) with { LockPatience = TimeSpan.FromMinutes(5) });
        await EndWaitingAsync(into, "relation");

        await WroteNothingAsync(await Should.ThrowAsync<PgdrException>(() => merge), into);
        await ExecuteAsync(holder, "rollback");
        await CompletesAsync(into, from);
    }

    /// <summary>A commit that waits for a standby is done here and not confirmed: nobody but the server knows.</summary>
    [Fact]
    public async Task Merge_SessionEndedInItsCommit_SaysHowToFindOut()
    {
        var (into, from) = await MakeAsync();
        await fixture.Server.ExecuteAsync("alter system set synchronous_commit = local");
        await fixture.Server.ExecuteAsync("alter system set synchronous_standby_names = 'nobody'");
        await fixture.Server.ExecuteAsync("select pg_reload_conf()");
        Task<MergeResult> merge;
        try
        {
            await fixture.Server.ExecuteAsync($"alter database {into} set synchronous_commit = on");
            merge = RunAsync(Request(into, from));
            await EndWaitingAsync(into, "SyncRep");
        }
        finally
        {
            await fixture.Server.ExecuteAsync("alter system reset synchronous_standby_names");
            await fixture.Server.ExecuteAsync("alter system reset synchronous_commit");
            await fixture.Server.ExecuteAsync("select pg_reload_conf()");
        }

        // The session ends now only: it removed its temporary tables, and that waited, too.
        var error = await Should.ThrowAsync<PgdrException>(() => merge);
        error.Code.ShouldBe(ErrorCodes.ServerUnreachable);
        error.Message.ShouldContain("plan it again, which shows whether it was written");
        error.Message.ShouldNotContain("nothing was written");
        (await RunAsync(Request(into, from) with { Apply = false })).Tables.Sum(table => table.Add).ShouldBe(0);
    }

    private static MergeRequest Request(string into, string from) => new() { Live = into, Backup = from, Policy = MergePolicy.Overwrite, Apply = true };

    private async Task<(string Into, string From)> MakeAsync() => (
        await fixture.NewDatabaseAsync(Sql), await fixture.NewDatabaseAsync(Sql + "insert into t select from generate_series(1, 20); insert into u select generate_series(1, 20)"));

    private async Task WroteNothingAsync(PgdrException error, string into)
    {
        error.Code.ShouldBe(ErrorCodes.ServerUnreachable);
        error.Message.ShouldContain("nothing was written");
        error.Message.ShouldNotContain('\n');
        (await fixture.Server.ScalarAsync<long>("select (select count(*) from t) + (select count(*) from u)", into)).ShouldBe(0);
    }

    private async Task CompletesAsync(string into, string from)
    {
        (await RunAsync(Request(into, from))).Applied.ShouldBeTrue();
        (await fixture.Server.ScalarAsync<long>("select count(*) from t", into)).ShouldBe(20);
    }

    private Task<MergeResult> RunAsync(MergeRequest request) => DatabaseMerge.RunAsync(fixture.Connection, request, progress: null, CancellationToken.None);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the session that waits for that, once it does.</summary>
    private async Task EndWaitingAsync(string database, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await fixture.Server.ScalarAsync<long>(
            $"select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}' and wait_event = '{what}' and pid <> pg_backend_pid()) ended") == 0)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Ends every session of a database when the second table is reached.</summary>
    private sealed class Ending(ServerFixture fixture, string database) : IProgress<string>
    {
        public void Report(string value)
        {
            if (value == "public.u")
            {
                fixture.Server.ExecuteAsync($"select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid()").GetAwaiter().GetResult();
            }
        }
    }
}
