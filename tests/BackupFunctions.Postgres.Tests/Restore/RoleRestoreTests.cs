using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RoleRestoreTests(ServerFixture fixture)
{
    [Fact]
    public async Task CreateMissing_OnAFreshServer_CreatesRolesThatLogInAsBefore()
    {
        await using var fresh = await PostgresServer.StartAsync();
        var target = fixture.Connection with { Port = fresh.Port };
        var group = fixture.NewName("Group \"'");
        var user = fixture.NewName("user");
        await fixture.Server.ExecuteAsync(
            $"""
            create role {ServerFixture.Quote(group)}; create role {user} login password 'p:\w''d' connection limit 5 valid until '2031-05-06 07:08:09+02' bypassrls;
            grant {ServerFixture.Quote(group)}, pg_read_all_stats to {user}; grant pg_monitor to {user} with admin option; alter role {user} set search_path = "$user", "a, b"; alter role {user} set work_mem = '5MB'
            """);
        var roles = await RolesAsync();
        var wanted = roles.Where(role => role.Name.Equals(group, StringComparison.Ordinal) || role.Name.Equals(user, StringComparison.Ordinal)).ToArray();

        (await RoleRestore.CreateMissingAsync(target, roles, default)).Names.ShouldContain(name => name.Equals(user, StringComparison.Ordinal));

        (await RolesAsync(target)).Select(Text).ToArray().Intersect(wanted.Select(Text), StringComparer.Ordinal).Count().ShouldBe(2);
        await (await (target with { Username = user, Password = "p:\\w'd" }).OpenAsync("postgres", default)).DisposeAsync();
        (await RoleRestore.CreateMissingAsync(target, roles, default)).Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task CreateMissing_OfARoleThatIsThere_ChangesNothing()
    {
        var name = fixture.NewName("present");
        await fixture.Server.ExecuteAsync($"create role {name} nologin");
        var different = new RoleDefinition { Name = name, Superuser = true, CanLogin = true };

        (await RoleRestore.CreateMissingAsync(fixture.Connection, [different], default)).Names.ShouldBeEmpty();

        (await fixture.Server.ScalarAsync<bool>($"select rolsuper or rolcanlogin from pg_roles where rolname = '{name}'")).ShouldBeFalse();
    }

    [Fact]
    public async Task CreateMissing_ThatFailsInTheMiddle_CreatesNone()
    {
        var name = fixture.NewName("rolledback");
        RoleDefinition[] roles = [new() { Name = name }, new() { Name = "pg_reserved_name" }];

        await Should.ThrowAsync<Contracts.PgdrException>(() => RoleRestore.CreateMissingAsync(fixture.Connection, roles, default));

        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_roles where rolname = '{name}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Globals_OfAServer_HoldItsRolesWithHashes()
    {
        using var folder = new TemporaryFolder();
        var name = fixture.NewName("global");
        await fixture.Server.ExecuteAsync($"create role {name} login password 'x'");

        var outcome = await GlobalsDump.RunAsync(fixture.Tools, fixture.Connection, new FolderSink(folder.Path).Open("globals.sql"), default);

        var text = await File.ReadAllTextAsync(folder["globals.sql"]);
        text.ShouldContain($"CREATE ROLE {name};");
        text.ShouldContain("SCRAM-SHA-256$");
        outcome.Bytes.ShouldBe(new FileInfo(folder["globals.sql"]).Length);
        outcome.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Globals_ByAnOrdinaryRole_ComeWithoutHashesAndAWarning()
    {
        using var folder = new TemporaryFolder();
        var name = fixture.NewName("nohash");
        await fixture.Server.ExecuteAsync($"create role {name} login password 'x'");

        var outcome = await GlobalsDump.RunAsync(
            fixture.Tools, fixture.ConnectionAs(name, "x"), new FolderSink(folder.Path).Open("globals.sql"), default);

        (await File.ReadAllTextAsync(folder["globals.sql"])).ShouldNotContain("SCRAM-SHA-256$");
        outcome.Warnings.Count.ShouldBe(1);
    }

    private static string Text(RoleDefinition role) =>
        role with { MemberOf = [], Memberships = null, Settings = [] } + string.Join('|', role.Memberships ?? []) + string.Join('|', role.Settings);

    private async Task<IReadOnlyList<RoleDefinition>> RolesAsync(Postgres.Servers.ServerConnection? server = null)
    {
        await using var connection = await (server ?? fixture.Connection).OpenAsync("postgres", default);
        return await RoleReader.ReadAsync(connection, withHashes: true, default);
    }
}
