using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Activities;
using BackupFunctions.Recovery;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Activities;

public sealed class CheckHealthTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(204, false)]
    [InlineData(503, false)]
    public async Task Run_ApplicationAnswers_OnlyOkIsHealthy(int status, bool healthy)
    {
        await using var application = await TinyServer.StartAsync(status);
        var check = new CheckHealth(Given.Settings(("HEALTH_CHECK_URL", application.Url.ToString())), new HttpClients());

        var report = await check.Run(HealthRoute.Direct, CancellationToken.None);

        report.Healthy.ShouldBe(healthy);
        report.Detail.ShouldBe($"{application.Url.GetLeftPart(UriPartial.Path)} answered {status}");
    }

    [Fact]
    public async Task Run_ApplicationHangs_IsUnhealthyAfterTenSeconds()
    {
        await using var application = await TinyServer.StartAsync();
        var check = new CheckHealth(Given.Settings(("HEALTH_CHECK_URL", application.Url.ToString())), new HttpClients());

        var report = await check.Run(HealthRoute.Direct, CancellationToken.None);

        report.Healthy.ShouldBeFalse();
        report.Detail.ShouldEndWith("did not answer within 10 s");
    }

    [Fact]
    public async Task Run_PublicRoute_AsksThePublicAddress()
    {
        await using var entrance = await TinyServer.StartAsync(200);
        var check = new CheckHealth(
            Given.Settings(("HEALTH_CHECK_URL", $"http://127.0.0.1:{FreePort.Next()}/"), ("PUBLIC_HEALTH_CHECK_URL", entrance.Url.ToString())), new HttpClients());

        (await check.Run(HealthRoute.Public, CancellationToken.None)).Healthy.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_NobodyListens_IsUnhealthyWithoutSecrets()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}/health";
        var check = new CheckHealth(Given.Settings(("HEALTH_CHECK_URL", url + "?token=canary")), new HttpClients());

        (await check.Run(HealthRoute.Direct, CancellationToken.None)).ShouldBe(new HealthReport(Healthy: false, $"{url} did not answer (ConnectionError)"));
    }
}
