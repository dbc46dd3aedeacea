using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Servers;

[Collection(ServerCollection.Name)]
public sealed class ServerConnectionTests(ServerFixture fixture)
{
    [Fact]
    public void Print_OfAConnection_HidesThePassword()
    {
        var text = $"{fixture.Connection} {fixture.Connection with { Port = 1 }}";

        text.ShouldNotContain(PostgresServer.SuperuserPassword);
        text.ShouldContain("Password = set");
    }

    [Fact]
    public async Task Open_ByASocketFolder_Connects()
    {
        var server = fixture.Connection with { Host = fixture.Server.SocketFolder };

        (await ServerProbe.RunAsync(server, default)).IsSuperuser.ShouldBeTrue();
    }

    [Fact]
    public Task Open_OfAServerThatIsDown_SaysUnreachable() =>
        FailsAsync(fixture.Connection with { Port = FreePort.Next() }, "postgres", ErrorCodes.ServerUnreachable, "main (127.0.0.1:");

    [Fact]
    public Task Open_OfAnUnknownHost_SaysUnreachable() =>
        FailsAsync(fixture.Connection with { Host = "nowhere.invalid", SslMode = Npgsql.SslMode.Disable }, "postgres", ErrorCodes.ServerUnreachable, "nowhere.invalid");

    [Fact]
    public Task Open_WithAWrongPassword_SaysLogin() =>
        FailsAsync(fixture.Connection with { Password = "wrong" }, "postgres", ErrorCodes.ServerRefusedLogin, "check user, password");

    [Fact]
    public Task Open_WithoutAPassword_SaysLogin() =>
        FailsAsync(fixture.Connection with { Password = null }, "postgres", ErrorCodes.ServerRefusedLogin, "password");

    [Fact]
    public Task Open_OfAnUnknownDatabase_SaysSo() =>
        FailsAsync(fixture.Connection, "no such \"one", ErrorCodes.DatabaseUnknown, "\"no such \"\"one\"");

    [Fact]
    public async Task Open_OfAClosedDatabase_NamesTheStatement()
    {
        var name = await fixture.NewDatabaseAsync();
        await fixture.Server.ExecuteAsync($"alter database {name} allow_connections false");

        await FailsAsync(fixture.Connection, name, ErrorCodes.PermissionMissing, "ALLOW_CONNECTIONS true");
    }

    [Fact]
    public Task Open_WithRequiredTlsOnAServerWithoutIt_Fails() =>
        FailsAsync(fixture.Connection with { SslMode = Npgsql.SslMode.VerifyFull }, "postgres", ErrorCodes.ServerUnreachable, "main");

    [Theory]
    [InlineData("db.example.org", Npgsql.SslMode.VerifyFull)]
    [InlineData("10.1.2.3", Npgsql.SslMode.VerifyFull)]
    [InlineData("localhost", Npgsql.SslMode.Prefer)]
    [InlineData("::1", Npgsql.SslMode.Prefer)]
    [InlineData("/run/postgresql", Npgsql.SslMode.Prefer)]
    public void SslMode_ByDefault_VerifiesOtherMachines(string host, Npgsql.SslMode expected) =>
        (fixture.Connection with { Host = host }).EffectiveSslMode.ShouldBe(expected);

    [Fact]
    public void ConnectionInfo_OfHostileValues_QuotesThem()
    {
        var server = fixture.Connection with { Username = "o'brien\\x", RootCertificatePath = "/a b/ca.pem" };

        ConnectionInfo.For(server, "host=evil dbname=x").ShouldBe(
            $"host='127.0.0.1' port='{server.Port}' user='o\\'brien\\\\x' dbname='host=evil dbname=x' sslmode='prefer' sslrootcert='/a b/ca.pem'");
    }

    [Fact]
    public async Task Probe_OfAServer_TellsWhatAPreflightNeeds()
    {
        var name = await fixture.NewDatabaseAsync();

        var facts = await ServerProbe.RunAsync(fixture.Connection, default);

        facts.Major.ShouldBe(15);
        facts.Identity.SystemIdentifier.ShouldNotBeNull().Length.ShouldBeGreaterThan(15);
        facts.Identity.Timeline.ShouldBe(1);
        facts.Identity.Lsn.ShouldNotBeNull().ShouldContain("/");
        facts.Find(name).ShouldNotBeNull().SizeBytes.ShouldNotBeNull().ShouldBeGreaterThan(1_000_000);
        facts.Find("nothing").ShouldBeNull();
    }

    [Fact]
    public async Task Probe_ByAnOrdinaryRole_LeavesOutWhatItMayNotKnow()
    {
        var role = fixture.NewName("prober");
        var closed = await fixture.NewDatabaseAsync();
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'; revoke connect on database {closed} from public");

        var facts = await ServerProbe.RunAsync(fixture.ConnectionAs(role, "x"), default);

        facts.IsSuperuser.ShouldBeFalse();
        facts.Find(closed).ShouldNotBeNull().SizeBytes.ShouldBeNull();
    }

    private static async Task FailsAsync(ServerConnection server, string database, string code, string part)
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => server.OpenAsync(database, default));

        failure.Code.ShouldBe(code);
        failure.Message.ShouldContain(part);
        failure.Message.ShouldNotContain(PostgresServer.SuperuserPassword);
    }
}
