using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class NotifyHooksReaderTests
{
    [Fact]
    public void Hooks_NothingGiven_AreNone() => Given.Settings(("BACKUP_NOTIFY_URL", ""), ("NotifyHooks:ops", "")).NotifyHooks.ShouldBeEmpty();

    [Fact]
    public void Hooks_Given_AreKnownByNameInAnyCase()
    {
        var hooks = Given.Settings(("BACKUP_NOTIFY_URL", "https://hooks.example/a"), ("NotifyHooks:ops", "http://10.0.0.7/b")).NotifyHooks;

        hooks.Count.ShouldBe(2);
        hooks["default"].ShouldBe(new Uri("https://hooks.example/a"));
        hooks["OPS"].ShouldBe(new Uri("http://10.0.0.7/b"));
    }

    [Theory]
    [InlineData("BACKUP_NOTIFY_URL", "hooks.example/a")]
    [InlineData("BACKUP_NOTIFY_URL", "file:///etc/passwd")]
    [InlineData("NotifyHooks:ops", "ftp://hooks.example/a")]
    public void Hooks_NoUrl_AreRefused(string name, string value) => Given.Refused((name, value)).ShouldContain($"Setting {name} is not usable");

    [Theory]
    [InlineData("my ops")]
    [InlineData("a/b")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void Hooks_NameThatIsNone_IsRefused(string name) =>
        Given.Refused(($"NotifyHooks:{name}", "https://hooks.example/a")).ShouldContain("1 to 40");

    [Fact]
    public void Hooks_DefaultTwice_IsRefused() =>
        Given.Refused(("BACKUP_NOTIFY_URL", "https://hooks.example/a"), ("NotifyHooks:Default", "https://hooks.example/b")).ShouldContain("keep one of them");
}
