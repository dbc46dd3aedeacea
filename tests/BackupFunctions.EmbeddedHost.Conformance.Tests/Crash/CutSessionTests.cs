using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.State;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Crash;

/// <summary>A host's session is cut, and the server does not see it yet.</summary>
public sealed class CutSessionTests(StateServer server) : EngineTest(server)
{
    private const string OwnLock =
        """
        locktype = 'advisory' AND classid = $1::oid AND objid = $2::oid
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    [Fact]
    [Conforms("A host whose cut session the server still counts shows itself alive when it no longer does", Source.Own)]
    public async Task Session_ThatIsCutAndStillCounts_IsFollowedByTheNext()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var host = await NewHost().StartAsync();
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var look = await source.OpenConnectionAsync();
        await using var counted = await source.OpenConnectionAsync();
        var owner = await look.ScalarAsync<int>("SELECT owner_id FROM durable.owners", limit.Token);

        Task<int> HolderAsync() => look.ScalarAsync<int>(
            $"SELECT pid FROM pg_locks WHERE {OwnLock} AND granted AND mode = 'ExclusiveLock'", limit.Token, OwnerStore.LockClass, owner);

        // Queues for the host's lock and has it as the host's session ends: for the next one, a session that still counts.
        var session = await HolderAsync();
        var queued = counted.ExecuteAsync("SELECT pg_advisory_lock($1, $2)", limit.Token, OwnerStore.LockClass, owner);
        await UntilAsync(async () => await look.ScalarAsync<bool>(
            $"SELECT EXISTS (SELECT FROM pg_locks WHERE {OwnLock} AND NOT granted)", limit.Token, OwnerStore.LockClass, owner));
        await look.ExecuteAsync("DELETE FROM durable.owners", limit.Token);
        await look.ExecuteAsync("SELECT pg_terminate_backend($1)", limit.Token, session);
        await queued;

        // It registers, and cannot show itself.
        await UntilAsync(async () => await look.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM durable.owners)", limit.Token));
        (await HolderAsync()).ShouldBe(counted.ProcessID);
        await counted.ExecuteAsync("SELECT pg_advisory_unlock($1, $2)", limit.Token, OwnerStore.LockClass, owner);

        await UntilAsync(async () => await HolderAsync() is not 0 and var holder && holder != counted.ProcessID);
    }

    private static async Task UntilAsync(Func<Task<bool>> isReached)
    {
        while (!await isReached())
        {
            await Task.Yield();
        }
    }
}
