using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Wal.Checks;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal.Checks;

/// <summary>Real servers, misconfigured one way each; those that need a restart share it.</summary>
public sealed class WalCheckTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(3));
    private WalSite _site = null!;

    public async Task InitializeAsync() => _site = await WalSite.StartAsync("archive_mode = on", "archive_command = 'false'");

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Check_AServerThatIsReady_FindsWhatIsLeftToWish()
    {
        _site.Jobs.Site.Settings["Servers__main__Wal"] = "timer";
        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        var result = await CheckAsync();

        result.Findings.Where(finding => finding.Status == CheckStatus.Fail).ShouldBeEmpty();
        Finding(result, "slot").Status.ShouldBe(CheckStatus.Ok);
        Finding(result, "replication").Status.ShouldBe(CheckStatus.Ok);
        Finding(result, "clock").Status.ShouldBe(CheckStatus.Ok);
        Finding(result, "checksums").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("pg_checksums --enable"));
        result.Findings.ShouldNotContain(finding => finding.Check == "summaries");
        result.Status.ShouldBe(CheckStatus.Warn);
    }

    [Theory]
    [InlineData("alter system set max_slot_wal_keep_size = -1", "slot_limit", CheckStatus.Fail, "ALTER SYSTEM SET max_slot_wal_keep_size = '20GB'")]
    [InlineData("alter system set full_page_writes = off", "full_page_writes", CheckStatus.Warn, "ALTER SYSTEM SET full_page_writes = 'on'")]
    [InlineData("alter system set wal_compression = on", "wal_compression", CheckStatus.Ok, "wal_compression is")]
    [InlineData("alter system set archive_command = 'pgdr wal push %p'", "archive_timeout", CheckStatus.Warn, "ALTER SYSTEM SET archive_timeout = '60s'")]
    public async Task Check_OneSetting_HasItsFix(string misconfigure, string check, CheckStatus status, string fix)
    {
        await ReloadAsync(misconfigure);

        var finding = Finding(await CheckAsync(), check);

        finding.Status.ShouldBe(status);
        finding.Detail.ShouldContain(fix);
    }

    [Fact]
    public async Task Check_ARoleWithoutRights_HasTheStatement_ThenPgHbaItsLine()
    {
        await _site.Server.ExecuteAsync($"create role bare login password '{PostgresServer.SuperuserPassword}'");
        _site.Jobs.Site.Settings["Servers__main__Username"] = "bare";

        var bare = await CheckAsync();
        await _site.Server.ExecuteAsync("alter role bare replication");
        var hba = Path.Combine(_site.Server.DataFolder, "pg_hba.conf");
        var lines = await File.ReadAllLinesAsync(hba);
        await File.WriteAllLinesAsync(hba, lines.Where(line => !line.Contains("replication", StringComparison.Ordinal)));
        await ReloadAsync("alter system set log_min_messages = 'warning'");
        var refused = await CheckAsync();
        await File.WriteAllLinesAsync(hba, lines.Append("host replication bare 127.0.0.1/32 scram-sha-256"));
        await ReloadAsync("alter system set log_min_messages = 'error'");
        var ready = await CheckAsync();

        Finding(bare, "role").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Fail), finding => finding.Detail.ShouldContain("ALTER ROLE \"bare\" REPLICATION;"));
        Finding(refused, "role").Status.ShouldBe(CheckStatus.Ok);
        Finding(refused, "replication").ShouldSatisfyAllConditions(
            finding => finding.Status.ShouldBe(CheckStatus.Fail), finding => finding.Detail.ShouldContain("host replication bare 127.0.0.1/32 scram-sha-256"));
        Finding(ready, "replication").Status.ShouldBe(CheckStatus.Ok);
    }

    [Fact]
    public async Task Check_WhatNeedsARestart_HasItsFixes()
    {
        await RestartAsync("alter system set max_wal_senders = 1", "alter system set max_replication_slots = 0");
        var few = await CheckAsync();
        await RestartAsync("alter system set wal_level = minimal", "alter system set max_wal_senders = 0", "alter system set archive_mode = off");
        var minimal = await CheckAsync();

        Finding(few, "senders").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("ALTER SYSTEM SET max_wal_senders = 10"));
        Finding(few, "slots").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Fail), finding => finding.Detail.ShouldContain("ALTER SYSTEM SET max_replication_slots = 10"));
        Finding(minimal, "wal_level").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Fail), finding => finding.Detail.ShouldContain("ALTER SYSTEM SET wal_level = 'replica'"));
        Finding(minimal, "senders").Status.ShouldBe(CheckStatus.Fail);
        Finding(minimal, "archive").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("Servers__main__Wal"));
        minimal.Status.ShouldBe(CheckStatus.Fail);
    }

    [Fact]
    public async Task Check_AStandby_IsSaid()
    {
        await _site.Server.StopAsync("fast");
        await File.WriteAllTextAsync(Path.Combine(_site.Server.DataFolder, "standby.signal"), string.Empty);
        await _site.Server.StartAgainAsync();

        var result = await CheckAsync();

        Finding(result, "connect").Status.ShouldBe(CheckStatus.Ok);
        Finding(result, "standby").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("name the primary"));
        Finding(result, "replication").Status.ShouldBe(CheckStatus.Ok);
    }

    [Fact]
    public async Task Check_ASlotOfAStandby_IsMeasuredByWhatTheStandbyHas()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.Server.StopAsync("fast");
        await File.WriteAllTextAsync(Path.Combine(_site.Server.DataFolder, "standby.signal"), string.Empty);
        await _site.Server.StartAgainAsync();

        Finding(await CheckAsync(), "slot").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Ok), finding => finding.Detail.ShouldContain("0 MB behind"));
    }

    [Fact]
    public async Task Check_AServerThatSummarizesItsLog_SaysWhetherItKeepsEnough()
    {
        await using var site = await WalSite.StartAsync(17);

        (await SummariesAsync()).ShouldSatisfyAllConditions(
            finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("ALTER SYSTEM SET summarize_wal = 'on'"));
        await LoadAsync("alter system set summarize_wal = 'on'");
        (await SummariesAsync()).Status.ShouldBe(CheckStatus.Ok);
        await LoadAsync("alter system set wal_summary_keep_time = '1d'");
        (await SummariesAsync()).ShouldSatisfyAllConditions(
            finding => finding.Status.ShouldBe(CheckStatus.Warn), finding => finding.Detail.ShouldContain("1440 min"), finding => finding.Detail.ShouldContain("wal_summary_keep_time = '10d'"));
        await LoadAsync("alter system set wal_summary_keep_time = 0");
        (await SummariesAsync()).Status.ShouldBe(CheckStatus.Ok);

        async Task<WalFinding> SummariesAsync() => Finding(await new WalCheck(site.Jobs.Environment).RunAsync("main", _patience.Token), "summaries");

        Task LoadAsync(string statement) => ReloadAsync(site.Server, statement);
    }

    [Fact]
    public async Task Check_ALostSlot_Fails()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.LoseSlotAsync(_patience.Token);

        Finding(await CheckAsync(), "slot").ShouldSatisfyAllConditions(finding => finding.Status.ShouldBe(CheckStatus.Fail), finding => finding.Detail.ShouldContain("is lost"));
    }

    [Fact]
    public async Task Check_AServerThatDoesNotAnswer_SaysOnlyThat()
    {
        await _site.Server.StopAsync();

        var finding = (await CheckAsync()).Findings.ShouldHaveSingleItem();

        (finding.Check, finding.Status).ShouldBe(("connect", CheckStatus.Fail));
    }

    [Theory]
    [InlineData(1, CheckStatus.Ok)]
    [InlineData(30, CheckStatus.Warn)]
    [InlineData(900, CheckStatus.Fail)]
    public async Task Check_AnotherTime_IsNoticed(int seconds, CheckStatus status)
    {
        _site.Jobs.Time = new OffClock(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(500));

        Finding(await CheckAsync(), "clock").Status.ShouldBe(status);
    }

    private Task<WalCheckResult> CheckAsync() => new WalCheck(_site.Jobs.Environment).RunAsync("main", _patience.Token);

    private static WalFinding Finding(WalCheckResult result, string check) => result.Findings.Single(finding => finding.Check == check);

    private Task ReloadAsync(string statement) => ReloadAsync(_site.Server, statement);

    private async Task ReloadAsync(PostgresServer server, string statement)
    {
        await server.ExecuteAsync(statement);
        var before = await server.ScalarAsync<DateTime>("select pg_conf_load_time()");
        await server.ExecuteAsync("select pg_reload_conf()");
        while (await server.ScalarAsync<DateTime>("select pg_conf_load_time()") == before)
        {
            await Task.Delay(20, _patience.Token);
        }
    }

    private async Task RestartAsync(params string[] statements)
    {
        foreach (var statement in statements)
        {
            await _site.Server.ExecuteAsync(statement);
        }

        await _site.Server.StopAsync("fast");
        await _site.Server.StartAgainAsync();
    }

    /// <summary>This machine's clock, set forward.</summary>
    private sealed class OffClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
