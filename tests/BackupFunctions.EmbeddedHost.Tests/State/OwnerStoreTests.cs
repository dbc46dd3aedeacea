using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.EmbeddedHost.Tests.Support;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Tests.State;

[Collection(StateServerCollection.Name)]
public sealed class OwnerStoreTests(StateServer server) : IAsyncLifetime
{
    private static readonly OwnerIdentity Elsewhere = new("elsewhere", 1, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(server.Pooled(await server.CreateDatabaseAsync()));
        await SchemaInstaller.InstallAsync(_source, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task ReleaseDead_HostWithASession_StaysAndWithoutIsGone()
    {
        await using var self = await _source.OpenConnectionAsync();
        var own = await RegisterAsync(self);
        await using var other = await _source.OpenConnectionAsync();
        var another = await RegisterAsync(other);

        (await ReleaseDeadAsync(self, own)).ShouldBe(0);
        await ShowNothingAsync(other, another);
        (await ReleaseDeadAsync(self, own)).ShouldBe(1);

        (await _source.CreateCommand("SELECT owner_id FROM durable.owners").ExecuteScalarAsync()).ShouldBe(own);
    }

    [Fact]
    public async Task ReleaseDead_WhileAnotherHostLooks_SeesItDeadAsWell()
    {
        await using var self = await _source.OpenConnectionAsync();
        var own = await RegisterAsync(self);
        await using var other = await _source.OpenConnectionAsync();
        var dead = await RegisterAsync(other);
        await ShowNothingAsync(other, dead);
        await other.ExecuteAsync("SELECT pg_advisory_lock_shared($1, $2)", CancellationToken.None, OwnerStore.LockClass, dead);

        (await ReleaseDeadAsync(self, own)).ShouldBe(1);
    }

    [Fact]
    public async Task RegisterAgain_WhileTheSessionBeforeCounts_SaysSoAndShowsItLater()
    {
        await using var before = await _source.OpenConnectionAsync();
        var owner = await RegisterAsync(before);
        await using var after = await _source.OpenConnectionAsync();

        (await OwnerStore.RegisterAgainAsync(after, owner, Elsewhere, CancellationToken.None)).ShouldBeFalse();
        await ShowNothingAsync(before, owner);
        (await OwnerStore.RegisterAgainAsync(after, owner, Elsewhere, CancellationToken.None)).ShouldBeTrue();

        var own = await RegisterAsync(before);
        (await ReleaseDeadAsync(before, own)).ShouldBe(0);
    }

    private static Task<int> RegisterAsync(NpgsqlConnection connection) =>
        OwnerStore.RegisterAsync(connection, Elsewhere, CancellationToken.None);

    private static async Task<int> ReleaseDeadAsync(NpgsqlConnection connection, int self) =>
        (await OwnerStore.ReleaseDeadAsync(connection, self, TimeSpan.Zero, CancellationToken.None)).Dead;

    private static Task ShowNothingAsync(NpgsqlConnection connection, int owner) =>
        connection.ExecuteAsync("SELECT pg_advisory_unlock($1, $2)", CancellationToken.None, OwnerStore.LockClass, owner);
}
