using System.Security.Cryptography;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal.Inventories;

/// <summary>Inventories that a receiver of a real server writes.</summary>
public sealed class ReceiverInventoryTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(3));
    private WalSite _site = null!;

    public async Task InitializeAsync() => _site = await WalSite.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Receive_TimedRuns_EveryObjectIsListedAndTheServersTimeIsCovered()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(40);
        var (written, before) = (await _site.FlushedAsync(), await ClockAsync());
        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        var inventories = await InventoriesAsync("a");
        var listed = inventories.SelectMany(inventory => inventory.Objects.Select(item => (inventory.EpochId, Item: item))).ToList();
        foreach (var name in (await _site.ObjectsAsync("a")).Where(name => name.Form != WalForm.Partial))
        {
            var file = Directory.EnumerateFiles(_site.Jobs.Site.TargetFolder("a"), name.ToString(), SearchOption.AllDirectories).Single();
            var bytes = await File.ReadAllBytesAsync(file);
            var item = listed.Single(each => each.EpochId == name.Epoch && each.Item.File == name.File).Item;
            (item.Sha256, item.Size).ShouldBe((Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length));
        }

        var covered = inventories[^1].Covered.ShouldNotBeNull();
        Lsn.Parse(covered.Lsn).ShouldBeGreaterThanOrEqualTo(written);
        covered.At.ShouldBeGreaterThanOrEqualTo(before);
        covered.At.ShouldBeLessThanOrEqualTo(await ClockAsync());
        (await InventoriesAsync("b")).Count.ShouldBe(inventories.Count);
        (await InventoriesAsync("c")).Count.ShouldBe(inventories.Count);
    }

    [Fact]
    public async Task Receive_NothingNew_WhatIsCoveredGrowsAllTheSame()
    {
        await _site.WriteAsync(1);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var before = await ClockAsync();

        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        (await InventoriesAsync("a"))[^1].Covered!.At.ShouldBeGreaterThanOrEqualTo(before);
    }

    [Fact]
    public async Task Receive_Continuously_StatesThatItIsCompleteAndListsTheRestWhenItIsStopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        var receiving = _site.ReceiveAsync(continuous: true, stop.Token);
        while (!(await InventoriesAsync("a")).Any(inventory => inventory.Covered is not null))
        {
            receiving.IsFaulted.ShouldBeFalse(receiving.Exception?.ToString());
            await Task.Delay(50, _patience.Token);
        }

        await _site.WriteAsync(20);
        var written = await _site.FlushedAsync();
        while (await _site.SlotAsync() < written)
        {
            await Task.Delay(50, _patience.Token);
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);

        var inventories = await InventoriesAsync("a");
        Lsn.Parse(inventories[^1].EndLsn).ShouldBeGreaterThanOrEqualTo(written);
        inventories.Select(inventory => inventory.Sequence).ShouldBe(Enumerable.Range(1, inventories.Count));
    }

    [Fact]
    public async Task Receive_AfterATimelineSwitch_EachTimelineHasItsOwnAndTheHistoryIsListed()
    {
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.Server.SwitchTimelineAsync();
        await _site.WriteAsync(1);

        await _site.ReceiveAsync(cancellationToken: _patience.Token);

        (await InventoriesAsync("a", timeline: 1)).ShouldNotBeEmpty();
        var newer = await InventoriesAsync("a", timeline: 2);
        newer[0].Objects[0].ShouldSatisfyAllConditions(item => item.Form.ShouldBe(WalObjectForm.History), item => item.File.ShouldBe("00000002.history"));
        newer[^1].Covered.ShouldNotBeNull();
    }

    private async Task<DateTimeOffset> ClockAsync() => new(await _site.Server.ScalarAsync<DateTime>("select clock_timestamp()"));

    private async Task<IReadOnlyList<WalInventory>> InventoriesAsync(string target, int timeline = 1)
    {
        var system = await _site.SystemAsync();
        var keys = KeyLoader.Verification(_site.Jobs.ReadSettings().Keys);
        var folder = Path.Combine(_site.Jobs.Site.TargetFolder(target), StorageKeys.WalTimeline(BackupSite.Cluster, system, timeline));
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "inventory-*.json").Order(StringComparer.Ordinal).Select(file =>
            {
                WalInventoryName.TryParse(Path.GetFileName(file), out var name).ShouldBeTrue();
                return WalInventoryCodec.Read(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".sig")), keys, BackupSite.Cluster, system, timeline, name!);
            }),
        ];
    }
}
