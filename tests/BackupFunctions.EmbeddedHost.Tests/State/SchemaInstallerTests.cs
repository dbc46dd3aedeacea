using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.EmbeddedHost.Tests.Support;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Tests.State;

[Collection(StateServerCollection.Name)]
public sealed class SchemaInstallerTests(StateServer server)
{
    [Fact]
    public async Task Install_HostsStartTogether_MakesItOnce()
    {
        await using var source = await NewDatabaseAsync();

        await Task.WhenAll(Enumerable.Repeat(0, 8).Select(_ => SchemaInstaller.InstallAsync(source, CancellationToken.None)));

        (await ScalarAsync<long>(source, "SELECT count(*) FROM durable.versions")).ShouldBe(SchemaScripts.Newest);
        (await ScalarAsync<int>(source, "SELECT max(version) FROM durable.versions")).ShouldBe(SchemaScripts.Newest);
    }

    [Fact]
    public async Task Install_DatabaseNewerThanProgram_IsRefusedAndUntouched()
    {
        await using var source = await InstalledAsync();
        await ExecuteAsync(source, "INSERT INTO durable.versions (version) VALUES (999); COMMENT ON SCHEMA durable IS 'of the future'");

        var refused = await Should.ThrowAsync<PgdrException>(() => SchemaInstaller.InstallAsync(source, CancellationToken.None));

        refused.Code.ShouldBe(ErrorCodes.StateTooNew);
        refused.Message.ShouldBe(
            $"The state database has schema version 999, and this program knows versions up to {SchemaScripts.Newest}: run the newer release that made it.");
        (await CommentAsync(source)).ShouldBe("of the future");
    }

    [Fact]
    public async Task Install_LogicIsOld_MakesItAnew()
    {
        await using var source = await InstalledAsync();
        await ExecuteAsync(source, "DROP VIEW durable.backlog; CREATE VIEW durable.backlog AS SELECT 1 AS old; COMMENT ON SCHEMA durable IS 'logic of old'");

        await SchemaInstaller.InstallAsync(source, CancellationToken.None);

        (await ScalarAsync<long>(source, "SELECT count(due_events) FROM durable.backlog")).ShouldBe(0);
        (await CommentAsync(source))!.ShouldStartWith("logic ");
        (await ScalarAsync<bool>(source, "SELECT obj_description('durable'::regnamespace, 'pg_namespace') <> 'logic of old'")).ShouldBeTrue();
    }

    [Fact]
    public async Task Install_SomebodyReadsAView_DoesNotWait()
    {
        await using var source = await InstalledAsync();
        await using var reader = await source.OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        await reader.ExecuteAsync("LOCK TABLE durable.backlog IN ACCESS SHARE MODE", CancellationToken.None);

        await SchemaInstaller.InstallAsync(source, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync() => NpgsqlDataSource.Create(server.Pooled(await server.CreateDatabaseAsync()));

    private async Task<NpgsqlDataSource> InstalledAsync()
    {
        var source = await NewDatabaseAsync();
        await SchemaInstaller.InstallAsync(source, CancellationToken.None);
        return source;
    }

    private static Task<string?> CommentAsync(NpgsqlDataSource source) =>
        ScalarAsync<string>(source, "SELECT obj_description('durable'::regnamespace, 'pg_namespace')");

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, CancellationToken.None);
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ScalarAsync<T>(sql, CancellationToken.None);
    }
}
