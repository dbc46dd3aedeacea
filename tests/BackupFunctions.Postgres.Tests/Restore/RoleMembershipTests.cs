using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Restore;

/// <summary>Options of memberships (ADMIN; since 16 INHERIT and SET) across versions: never more than there was.</summary>
[Collection(ServerCollection.Name)]
public sealed class RoleMembershipTests(ServerFixture fixture)
{
    private const string Granted = """
        create role keepers; create role readers; create role writers; create role callers; create role boss login; create role clerk noinherit login;
        grant keepers to boss with admin true, inherit false; grant readers to clerk with inherit true, set true;
        grant writers to clerk with set false; grant callers to clerk
        """;

    [Fact]
    public async Task Memberships_FromOneServerToItsLike_KeepEveryOption()
    {
        await using var source = await PostgresServer.StartAsync(18);
        await using var target = await PostgresServer.StartAsync(18);
        await source.ExecuteAsync(Granted);
        var roles = await RolesAsync(source);

        var created = await RoleRestore.CreateMissingAsync(Connection(target), roles, default);

        created.Names.Count.ShouldBe(6);
        created.Warnings.ShouldBeEmpty();
        var found = await RolesAsync(target);
        found.SelectMany(Lines).ShouldBe(roles.SelectMany(Lines));
        string.Join("\n", found.SelectMany(Lines)).ShouldContain("boss: RoleMembership { Group = keepers, Admin = True, Inherit = False, Set = True }");
    }

    [Fact]
    public async Task Memberships_ToAServerWithoutTheirOptions_GiveNoMoreAndAreNamed()
    {
        await using var source = await PostgresServer.StartAsync(18);
        await using var target = await PostgresServer.StartAsync(15);
        await source.ExecuteAsync(Granted);

        var created = await RoleRestore.CreateMissingAsync(Connection(target), await RolesAsync(source), default);

        (await RolesAsync(target)).SelectMany(Lines).ShouldBe(
        [
            "boss: RoleMembership { Group = keepers, Admin = True, Inherit = , Set =  }",
            "clerk: RoleMembership { Group = callers, Admin = False, Inherit = , Set =  }",
            "clerk: RoleMembership { Group = readers, Admin = False, Inherit = , Set =  }",
        ]);
        created.Warnings.ShouldBe(
        [
            "Role \"boss\" needed SET ROLE for the privileges of \"keepers\"; on servers before 16 its own INHERIT decides.",
            "Role \"clerk\" had the privileges of \"readers\" without SET ROLE; on servers before 16 its own NOINHERIT decides.",
            "Role \"clerk\" was not made a member of \"writers\": it must not SET ROLE to it, which servers before 16 cannot forbid; grant it by hand what it needs.",
        ]);
    }

    [Fact]
    public async Task Memberships_OfABackupThatDoesNotKnowTheirOptions_AreGrantedPlainly()
    {
        var group = fixture.NewName("plain_group");
        var member = fixture.NewName("plain_member");

        await RoleRestore.CreateMissingAsync(fixture.Connection, [new() { Name = group }, new() { Name = member, MemberOf = [group] }], default);

        (await fixture.Server.ScalarAsync<bool>($"select pg_has_role('{member}', '{group}', 'MEMBER')")).ShouldBeTrue();
    }

    private ServerConnection Connection(PostgresServer server) => fixture.Connection with { Port = server.Port };

    private static IEnumerable<string> Lines(RoleDefinition role) =>
        (role.Memberships ?? []).Select(membership => $"{role.Name}: {membership}");

    private async Task<IReadOnlyList<RoleDefinition>> RolesAsync(PostgresServer server)
    {
        await using var connection = await Connection(server).OpenAsync("postgres", default);
        return await RoleReader.ReadAsync(connection, withHashes: true, default);
    }
}
