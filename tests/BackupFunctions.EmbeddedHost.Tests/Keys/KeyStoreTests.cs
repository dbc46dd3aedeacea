using System.Runtime.Versioning;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Keys;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.EmbeddedHost.Tests.Keys;

[UnsupportedOSPlatform("windows")]
public sealed class KeyStoreTests : IDisposable
{
    private static readonly HostKeySettings NoSettings = new(null, null, null);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FirstStart_MakesLongKeysReadableByTheOwnerAlone()
    {
        await OpenAsync();

        var keys = InitialKeys();
        keys.Keys.ShouldBe(["masterKey", "functionKey", "systemKey"], ignoreOrder: true);
        keys.Values.ShouldAllBe(key => key.Length >= 54);
        keys.Values.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        foreach (var file in new[] { _folder["keys.json"], _folder["initial-keys.json"] })
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Open_FirstStart_StoresOnlyTheSystemKeyInPlain()
    {
        var store = await OpenAsync();

        var stored = await File.ReadAllTextAsync(_folder["keys.json"]);
        stored.ShouldNotContain(InitialKeys()["masterKey"]);
        stored.ShouldNotContain(InitialKeys()["functionKey"]);
        store.SystemKey.ShouldBe(InitialKeys()["systemKey"]);
    }

    [Fact]
    public async Task Open_SecondStart_KeepsKeysWithoutThePlaintextFile()
    {
        await OpenAsync();
        var master = InitialKeys()["masterKey"];
        File.Delete(_folder["initial-keys.json"]);

        var again = await OpenAsync();

        again.Authenticate(master, null)!.Level.ShouldBe(AuthorizationLevel.Admin);
        File.Exists(_folder["initial-keys.json"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_DamagedFile_FailsInsteadOfMakingNewKeys()
    {
        await File.WriteAllTextAsync(_folder["keys.json"], "[{");

        (await Should.ThrowAsync<PgdrException>(() => OpenAsync())).Message.ShouldContain("keys.json is damaged");
        (await File.ReadAllTextAsync(_folder["keys.json"])).ShouldBe("[{");
    }

    [Theory]
    [InlineData("masterKey", "_master", null, AuthorizationLevel.Admin)]
    [InlineData("functionKey", "default", null, AuthorizationLevel.Function)]
    [InlineData("functionKey", "default", "Any", AuthorizationLevel.Function)]
    [InlineData("systemKey", "durabletask_extension", null, AuthorizationLevel.System)]
    public async Task Authenticate_HostKey_GrantsItsLevel(string initial, string name, string? function, AuthorizationLevel expected)
    {
        var store = await OpenAsync();

        store.Authenticate(InitialKeys()[initial], function).ShouldBe(new KeyGrant(expected, name));
    }

    [Fact]
    public async Task Authenticate_FunctionKey_CountsForItsFunctionOnly()
    {
        var store = await OpenAsync();
        await store.SetAsync(KeyScopes.Function("List"), "caller", "a-key-of-one-function", CancellationToken.None);

        store.Authenticate("a-key-of-one-function", "list").ShouldBe(new KeyGrant(AuthorizationLevel.Function, "caller"));
        store.Authenticate("a-key-of-one-function", "Other").ShouldBeNull();
        store.Authenticate("a-key-of-one-function", null).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Authenticate_UnknownKey_GrantsNothing(string? presented) =>
        (await OpenAsync()).Authenticate(presented, "List").ShouldBeNull();

    [Fact]
    public async Task Authenticate_KeyAddedByAnotherHost_IsSeenAfterAMinute()
    {
        var store = await OpenAsync();
        var other = await OpenAsync();
        await other.SetAsync(KeyScopes.HostFunctions, "new", "made-by-another-host", CancellationToken.None);

        store.Authenticate("made-by-another-host", null).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(1));
        store.Authenticate("made-by-another-host", null).ShouldNotBeNull();
    }

    [Fact]
    public async Task Set_KnownAndUnknownName_UpdatesOrCreates_AndDeleteRemoves()
    {
        var store = await OpenAsync();

        (await store.SetAsync(KeyScopes.HostFunctions, "ci", "first-value-of-the-key", CancellationToken.None)).ShouldBe(KeyChange.Created);
        (await store.SetAsync(KeyScopes.HostFunctions, "CI", "second-value-of-the-key", CancellationToken.None)).ShouldBe(KeyChange.Updated);
        store.Authenticate("first-value-of-the-key", null).ShouldBeNull();
        store.Authenticate("second-value-of-the-key", null).ShouldNotBeNull();
        (await store.DeleteAsync(KeyScopes.HostFunctions, "ci", CancellationToken.None)).ShouldBe(KeyChange.Deleted);
        (await store.DeleteAsync(KeyScopes.HostFunctions, "ci", CancellationToken.None)).ShouldBe(KeyChange.Unknown);
        store.Authenticate("second-value-of-the-key", null).ShouldBeNull();
    }

    [Fact]
    public async Task Settings_GiveKeys_ReplaceStoredOnesAndAreNotWritten()
    {
        await OpenAsync();
        var given = new HostKeySettings("given-master-key-0", "given-function-key", "given-system-key-0");
        var store = await OpenAsync(given);

        store.Authenticate("given-master-key-0", null)!.Level.ShouldBe(AuthorizationLevel.Admin);
        store.Authenticate("given-function-key", null)!.Level.ShouldBe(AuthorizationLevel.Function);
        store.SystemKey.ShouldBe("given-system-key-0");
        store.Authenticate(InitialKeys()["masterKey"], null).ShouldBeNull();
        store.Authenticate(InitialKeys()["systemKey"], null).ShouldBeNull();
        (await File.ReadAllTextAsync(_folder["keys.json"])).ShouldNotContain("given-system-key-0");
        (await store.SetAsync(KeyScopes.Master, KeyScopes.MasterKey, "another-master-key", CancellationToken.None)).ShouldBe(KeyChange.GivenBySetting);
    }

    [Fact]
    public async Task Settings_GiveAllKeys_NothingIsGenerated()
    {
        await OpenAsync(new HostKeySettings("given-master-key-0", "given-function-key", "given-system-key-0"));

        File.Exists(_folder["initial-keys.json"]).ShouldBeFalse();
    }

    [Fact]
    public void Settings_ShortKey_IsRefusedWithoutShowingIt()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("HOST_FUNCTION_KEY", "short-canary")]).Build();

        var error = Should.Throw<PgdrException>(() => HostKeySettings.From(configuration));
        error.Message.ShouldContain("HOST_FUNCTION_KEY");
        error.Message.ShouldNotContain("canary");
    }

    [Theory]
    [InlineData(AuthorizationLevel.Admin, AuthorizationLevel.System, true)]
    [InlineData(AuthorizationLevel.Admin, AuthorizationLevel.Function, true)]
    [InlineData(AuthorizationLevel.Function, AuthorizationLevel.Function, true)]
    [InlineData(AuthorizationLevel.Function, AuthorizationLevel.System, false)]
    [InlineData(AuthorizationLevel.Function, AuthorizationLevel.Admin, false)]
    [InlineData(AuthorizationLevel.System, AuthorizationLevel.Function, false)]
    [InlineData(AuthorizationLevel.System, AuthorizationLevel.Admin, false)]
    public void Grant_Level_AllowsItsOwnAndTheMasterAll(AuthorizationLevel granted, AuthorizationLevel required, bool expected) =>
        new KeyGrant(granted, "name").Allows(required, null).ShouldBe(expected);

    [Fact]
    public void Grant_SystemKeyOfOtherName_IsNotEnough()
    {
        new KeyGrant(AuthorizationLevel.System, "other").Allows(AuthorizationLevel.System, KeyScopes.DurableTaskKey).ShouldBeFalse();
        new KeyGrant(AuthorizationLevel.System, KeyScopes.DurableTaskKey).Allows(AuthorizationLevel.System, KeyScopes.DurableTaskKey).ShouldBeTrue();
    }

    private async Task<KeyStore> OpenAsync(HostKeySettings? settings = null)
    {
        var store = new KeyStore(_folder.Path, settings ?? NoSettings, _clock, NullLogger<KeyStore>.Instance);
        await store.OpenAsync(CancellationToken.None);
        return store;
    }

    private Dictionary<string, string> InitialKeys() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_folder["initial-keys.json"]))!;
}
