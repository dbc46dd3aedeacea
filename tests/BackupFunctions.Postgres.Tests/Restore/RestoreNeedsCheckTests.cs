using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;

namespace BackupFunctions.Postgres.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RestoreNeedsCheckTests(ServerFixture fixture)
{
    private static readonly RestoreNeeds Nothing = new() { Extensions = [], Features = [], Tablespaces = [], LabelProviders = [] };

    [Fact]
    public async Task Check_OfWhatTheServerHas_FindsNothing() =>
        (await RunAsync(Nothing with
        {
            Extensions = [new("plpgsql", "1.0"), new("hstore", "1.8")], Features = [new("security_invoker", 15, "v")], Tablespaces = ["pg_default"],
        })).ShouldBeEmpty();

    [Fact]
    public async Task Check_OfMissingExtensions_NamesAllOfThem()
    {
        var failure = await RefusedAsync(Nothing with { Extensions = [new("postgis", "3.5.1"), new("hstore", "1.8"), new("timescaledb", "2.17")] });

        failure.Code.ShouldBe(ErrorCodes.ExtensionsMissing);
        failure.Message.ShouldContain("postgis 3.5.1, timescaledb 2.17");
        failure.Message.ShouldNotContain("hstore");
    }

    [Fact]
    public async Task Check_OfAnotherVersionOfAnExtension_Warns() =>
        (await RunAsync(Nothing with { Extensions = [new("hstore", "99.0")] })).Single().ShouldContain("hstore was of version 99.0");

    [Fact]
    public async Task Check_OfFeaturesOfANewerVersion_NamesThemAndTheWayOut()
    {
        var failure = await RefusedAsync(Nothing with
        {
            Features = [new("virtual generated columns", 18, "public.t"), new("event triggers on login", 17, "e"), new("old", 15, "o")],
        });

        failure.Code.ShouldBe(ErrorCodes.ServerTooOld);
        failure.Message.ShouldContain("virtual generated columns (public.t); event triggers on login (e): restore onto a server of version 18 or later");
        failure.Message.ShouldNotContain("old (o)");
    }

    [Fact]
    public async Task Check_OfMissingTablespaces_SaysHowTheyAreMade()
    {
        var failure = await RefusedAsync(Nothing with { Tablespaces = ["fast disk"] });

        failure.Code.ShouldBe(ErrorCodes.TablespacesRefused);
        failure.Message.ShouldContain("CREATE TABLESPACE \"fast disk\" LOCATION");
    }

    [Fact]
    public async Task Check_OfALabelProviderThatIsNotLoaded_Warns() =>
        (await RunAsync(Nothing with { LabelProviders = ["anon"] })).Single().ShouldContain("provider anon");

    private Task<IReadOnlyList<string>> RunAsync(RestoreNeeds needs) => RestoreNeedsCheck.RunAsync(fixture.Connection, needs, default);

    private Task<PgdrException> RefusedAsync(RestoreNeeds needs) => Should.ThrowAsync<PgdrException>(() => RunAsync(needs));
}
