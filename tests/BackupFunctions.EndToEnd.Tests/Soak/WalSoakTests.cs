using System.Diagnostics;
using System.Globalization;
using BackupFunctions.Archive.Wal;
using Xunit.Abstractions;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>
/// Receiver, host, server and targets killed at random moments under load. The slot is never ahead of storage, and in the end every row that
/// was committed before the confirmed position is in a recovered server.
/// </summary>
public sealed class WalSoakTests(ITestOutputHelper output)
{
    private const string SeedVariable = "SOAK_SEED";

    [Fact]
    public Task Receiver_KilledFiveTimesUnderLoad_LosesNothingThatWasConfirmed() => RunAsync(kills: 5, withStore: false);

    [Fact]
    [Trait("Category", "Slow")]
    public Task Everything_KilledAHundredTimesUnderLoad_LosesNothingThatWasConfirmed() => RunAsync(kills: 100, withStore: true);

    private async Task RunAsync(int kills, bool withStore)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Say($"seed {seed} ({SeedVariable} repeats it)");
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        await using var site = await SoakSite.StartAsync(withStore);
        await using var load = new WriteLoad(site.Server, clients: 3);
        for (var kill = 1; kill <= kills; kill++)
        {
            await Task.Delay(random.Next(50, 1500));

            // Each kind once, then at random.
            var victim = kill <= site.Victims.Count ? site.Victims[kill - 1] : site.Victims[random.Next(site.Victims.Count)];
            await site.KillAsync(victim, random);
            await site.RecoveredAsync();
            await RequireSlotIsStoredAsync(site);
            Say($"{watch.Elapsed.TotalSeconds:0} s: kill {kill} ({victim}) is over, {load.Committed.Count} rows committed");
        }

        await load.StopAsync();
        await site.RecoveredAsync();
        var confirmed = (await site.TryPositionAsync()).ShouldNotBeNull();
        site.StopReceiving();
        var log = await site.StoredAsync();
        log.Ranges.ShouldHaveSingleItem("there is no gap");
        log.Gaps.ShouldBeEmpty();

        var rows = await site.RecoverAsync();

        var due = load.Committed.Where(row => row.Lsn <= confirmed).ToList();
        due.Count.ShouldBeGreaterThan(0);
        due.Where(row => !rows.Contains((row.Client, row.Number))).ShouldBeEmpty();
        Say($"{watch.Elapsed.TotalSeconds:0} s: {due.Count} rows committed before the confirmed {Lsn.Format(confirmed)} are all there, of {load.Committed.Count}; {log.Ranges[0].Segments} segments; "
            + string.Join(", ", site.Kills.Select(killed => $"{killed.Key} {killed.Value}")));
    }

    /// <summary>Where the slot stands is asked first: storage only grows.</summary>
    private static async Task RequireSlotIsStoredAsync(SoakSite site)
    {
        if (await site.TryPositionAsync() is { } slot)
        {
            var log = await site.StoredAsync();
            log.Ranges.ShouldContain(range => range.Start <= slot && slot <= range.End, $"the slot stands at {Lsn.Format(slot)}");
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
