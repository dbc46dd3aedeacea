using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class RecoverySettingsTests
{
    [Fact]
    public void Recovery_NothingGiven_HasDefaultsAndNoActions()
    {
        var recovery = Given.Settings().Recovery;

        recovery.Restart.ShouldBeNull();
        recovery.Reroute.ShouldBeNull();
        recovery.HealthCheckUrl.ShouldBeNull();
        recovery.PublicHealthCheckUrl.ShouldBeNull();
        recovery.HealthCheckAttempts.ShouldBe(30);
        recovery.HealthCheckInterval.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Recovery_EverySetting_IsTaken()
    {
        var recovery = Given.Settings(
            ("RESTART_COMMAND", """["systemctl", "restart", "my app"]"""), ("REROUTE_WEBHOOK", "https://dns.example/hook"),
            ("HEALTH_CHECK_URL", "http://app:8080/health"), ("PUBLIC_HEALTH_CHECK_URL", "https://shop.example/health"),
            ("HEALTH_CHECK_ATTEMPTS", "3"), ("HEALTH_CHECK_INTERVAL", "2")).Recovery;

        recovery.Restart!.Command.ShouldBe(["systemctl", "restart", "my app"]);
        recovery.Restart.Webhook.ShouldBeNull();
        recovery.Reroute!.Webhook.ShouldBe(new Uri("https://dns.example/hook"));
        recovery.Reroute.Command.ShouldBeNull();
        recovery.HealthCheckUrl.ShouldBe(new Uri("http://app:8080/health"));
        recovery.PublicHealthCheckUrl.ShouldBe(new Uri("https://shop.example/health"));
        recovery.HealthCheckAttempts.ShouldBe(3);
        recovery.HealthCheckInterval.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("systemctl restart app")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[\"\"]")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Recovery_CommandThatIsNoListOfTexts_IsRefused(string command) =>
        Given.Refused(("RESTART_COMMAND", command)).ShouldContain("RESTART_COMMAND");

    [Fact]
    public void Recovery_CommandAndWebhook_IsRefused() =>
        Given.Refused(("REROUTE_COMMAND", """["true"]"""), ("REROUTE_WEBHOOK", "https://dns.example/hook")).ShouldContain("keep one of them");

    [Theory]
    [InlineData("REROUTE_WEBHOOK", "dns.example/hook")]
    [InlineData("HEALTH_CHECK_URL", "app:8080/health")]
    [InlineData("PUBLIC_HEALTH_CHECK_URL", "/health")]
    public void Recovery_NoUrl_IsRefused(string name, string value) => Given.Refused((name, value)).ShouldContain(name);
}
