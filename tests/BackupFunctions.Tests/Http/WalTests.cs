using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Http;

[Collection(StateServerCollection.Name)]
public sealed class WalTests(StateServer server)
{
    private static readonly WalStatusReport Report = new(
        [
            new WalServerStatus
            {
                SystemIdentifier = "7700000000000000001",
                Name = "main",
                Ranges = [new WalRangeStatus(1, "0/1000000", "0/4000508", 4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)],
                ServerLsn = "0/4000508",
                BehindBytes = 0,
                BehindSeconds = 0,
            },
        ],
        ["GAP: a hole."]);

    [Fact]
    public async Task Get_ReportOfTheJob_IsTheAnswer()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.WalStatus, Answer.Runs("look", 1, 2), Answer.Succeeds(Report));

        var answer = await host.Http.GetFromJsonAsync<JsonElement>("api/wal");

        var of = answer.GetProperty("servers")[0];
        (of.GetProperty("name").GetString(), of.GetProperty("ranges")[0].GetProperty("end_lsn").GetString(), of.GetProperty("behind_seconds").GetDouble()).ShouldBe(("main", "0/4000508", 0));
        answer.GetProperty("problems")[0].GetString().ShouldBe("GAP: a hole.");
        host.Jobs.Started.ShouldHaveSingleItem().InstanceId.ShouldBeNull();
    }

    [Fact]
    public async Task Get_JobFails_IsUnavailableWithItsSentence()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.WalStatus, Answer.Fails("No target can be read: check them."));

        using var answer = await host.Http.GetAsync("api/wal");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().ShouldBe("No target can be read: check them.");
    }

    [Fact]
    public async Task Get_JobLost_IsUnavailable()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.WalStatus, Answer.Lost);

        using var answer = await host.Http.GetAsync("api/wal");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain("ended without a result");
    }

    [Fact]
    public async Task Get_WithoutKey_IsUnauthorized()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Http.DefaultRequestHeaders.Clear();

        using var answer = await host.Http.GetAsync("api/wal");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
