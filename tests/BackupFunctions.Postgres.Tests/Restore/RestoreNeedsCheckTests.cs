using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Swap;

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

    [Theory]
    [InlineData(null, "has not loaded: install")]
    [InlineData("pgdr_no_such_library", "has not loaded (could not access file \"pgdr_no_such_library\": No such file or directory): install")]
    [InlineData("\"plpgsql\"", "has not loaded: install")]
    public async Task Check_OfALabelProviderThatIsNotLoaded_NamesItAndWhy(string? libraries, string words)
    {
        var failure = await RefusedAsync(
            Nothing with { LabelProviders = ["anon"] },
            settings: libraries is null ? [] : [new(Role: null, "session_preload_libraries", libraries)]);

        failure.Code.ShouldBe(ErrorCodes.ExtensionsMissing);
        failure.Message.ShouldContain("provider \"anon\"");
        failure.Message.ShouldContain(words);
    }

    private async Task<IReadOnlyList<string>> RunAsync(RestoreNeeds needs, params DatabaseSetting[] settings)
    {
        var database = (await DatabasePropertiesReader.ReadAsync(fixture.Connection, "postgres", default))!;
        return await RestoreNeedsCheck.RunAsync(fixture.Connection, needs, database with { Settings = settings }, default);
    }

    private Task<PgdrException> RefusedAsync(RestoreNeeds needs, params DatabaseSetting[] settings) => Should.ThrowAsync<PgdrException>(() => RunAsync(needs, settings));
}
