using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class ScratchDatabaseTests(ServerFixture fixture)
{
    [Fact]
    public async Task Create_AfterAFormerAttempt_MakesItAnew()
    {
        var id = fixture.NewName("again");
        var properties = await PropertiesAsync();
        var first = await ScratchDatabase.CreateAsync(fixture.Connection, id, properties, default);
        await fixture.Server.ExecuteAsync("create table half (a int)", first.Name);

        var second = await ScratchDatabase.CreateAsync(fixture.Connection, id, properties, default);

        second.Name.ShouldBe("pgdr_" + id);
        second.Oid.ShouldNotBe(first.Oid);
        (await fixture.Server.ScalarAsync<long>("select count(*) from pg_class where relname = 'half'", second.Name)).ShouldBe(0);
    }

    [Fact]
    public async Task Create_AfterAnAttemptKilledBeforeItsComment_MakesItAnew()
    {
        var id = fixture.NewName("early");
        await fixture.Server.ExecuteAsync($"create database pgdr_{id} allow_connections false");

        (await ScratchDatabase.CreateAsync(fixture.Connection, id, await PropertiesAsync(), default)).Name.ShouldBe("pgdr_" + id);
    }

    [Fact]
    public async Task Create_WhenTheNameBelongsToSomebodyElse_LeavesThatAlone()
    {
        var id = fixture.NewName("mine");
        await fixture.NewDatabaseAsync("create table precious (a int)", "pgdr_" + id);

        var failure = await Should.ThrowAsync<PgdrException>(() => CreateAsync(id));

        failure.Code.ShouldBe(ErrorCodes.DatabaseExists);
        (await fixture.Server.ScalarAsync<long>("select count(*) from precious", "pgdr_" + id)).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Discard_WhateverItHadComeTo_IsGoneAndNothingHappensAgain(bool finished)
    {
        var id = fixture.NewName("discarded");
        if (finished)
        {
            await CreateAsync(id);
        }
        else
        {
            await fixture.Server.ExecuteAsync($"create database pgdr_{id} allow_connections false");
        }

        await ScratchDatabase.DiscardAsync(fixture.Connection, id, default);
        await ScratchDatabase.DiscardAsync(fixture.Connection, id, default);

        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname = 'pgdr_{id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Discard_WhenTheNameBelongsToSomebodyElse_LeavesThatAlone()
    {
        var id = fixture.NewName("theirs");
        await fixture.NewDatabaseAsync("create table precious (a int)", "pgdr_" + id);

        (await Should.ThrowAsync<PgdrException>(() => ScratchDatabase.DiscardAsync(fixture.Connection, id, default))).Code.ShouldBe(ErrorCodes.DatabaseExists);

        (await fixture.Server.ScalarAsync<long>("select count(*) from precious", "pgdr_" + id)).ShouldBe(0);
    }

    [Fact]
    public async Task Create_KeepsOrdinaryRolesOut()
    {
        var scratch = await CreateAsync(fixture.NewName("closed"));
        var role = fixture.NewName("visitor");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'");

        await Should.ThrowAsync<PgdrException>(() => fixture.ConnectionAs(role, "x").OpenAsync(scratch.Name, default));
    }

    [Fact]
    public async Task Create_AsAnOrdinaryRole_NamesWhatItNeeds()
    {
        var role = fixture.NewName("plain");
        await fixture.Server.ExecuteAsync($"create role {role} login createdb password 'x'");

        var failure = await Should.ThrowAsync<PgdrException>(async () =>
            await ScratchDatabase.CreateAsync(fixture.ConnectionAs(role, "x"), "plain", await PropertiesAsync(), default));

        failure.Code.ShouldBe(ErrorCodes.PermissionMissing);
        failure.Message.ShouldContain($"ALTER ROLE \"{role}\" SUPERUSER");
    }

    [Fact]
    public async Task Create_WithATablespaceTheServerLacks_SaysSo()
    {
        var properties = await PropertiesAsync() with { Tablespace = "fast disk" };

        var failure = await Should.ThrowAsync<PgdrException>(() => ScratchDatabase.CreateAsync(fixture.Connection, "nospace", properties, default));

        failure.Message.ShouldContain("fast disk");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a;b")]
    [InlineData("123456789012345678901234567890123456789012345678901234")]
    public async Task Create_WithAnIdThatIsNoName_IsRefused(string id) => await Should.ThrowAsync<ArgumentException>(() => CreateAsync(id));

    [Fact]
    public async Task Drop_OfAnOidThatIsALiveDatabase_LeavesItAlone()
    {
        var name = await fixture.NewDatabaseAsync();
        var oid = await fixture.Server.ScalarAsync<long>($"select oid::bigint from pg_database where datname = '{name}'");

        var failure = await Should.ThrowAsync<PgdrException>(() => ScratchDatabase.DropAsync(fixture.Connection, "any", oid, default));

        failure.Code.ShouldBe(ErrorCodes.DatabaseExists);
        await (await fixture.Server.OpenAsync(name)).DisposeAsync();
    }

    [Fact]
    public async Task Drop_OfAScratchThatHasGoneLive_LeavesItAlone()
    {
        var id = fixture.NewName("live");
        var scratch = await CreateAsync(id);
        var name = fixture.NewName("gone");
        await DatabaseSwap.RunAsync(fixture.Connection, id, scratch.Name, scratch.Oid, name, await PropertiesAsync(), default);

        await Should.ThrowAsync<PgdrException>(() => ScratchDatabase.DropAsync(fixture.Connection, id, scratch.Oid, default));

        await (await fixture.Server.OpenAsync(name)).DisposeAsync();
    }

    [Fact]
    public async Task Drop_WithSessionsInIt_AndTwice_Works()
    {
        var id = fixture.NewName("busy");
        var scratch = await CreateAsync(id);
        await using var session = await fixture.Server.OpenAsync(scratch.Name);

        await ScratchDatabase.DropAsync(fixture.Connection, id, scratch.Oid, default);
        await ScratchDatabase.DropAsync(fixture.Connection, id, scratch.Oid, default);

        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname = '{scratch.Name}'")).ShouldBe(0);
    }

    private async Task<ScratchDatabase> CreateAsync(string id) =>
        await ScratchDatabase.CreateAsync(fixture.Connection, id, await PropertiesAsync(), default);

    private async Task<DatabaseProperties> PropertiesAsync() =>
        (await DatabasePropertiesReader.ReadAsync(fixture.Connection, "template1", default))! with { IsTemplate = false, Acl = null, Comment = null };
}
