using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Sync;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using Npgsql;

namespace BackupFunctions.Catalog.Tests.Database;

[Collection(CatalogServerCollection.Name)]
public sealed class CatalogSyncTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private readonly CatalogSite _site = new(server, keys);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Sync_NothingNew_ReadsNothing()
    {
        var document = _site.Storage.PutBackup(Documents.Id(1), "abc");
        _site.Storage.PutStatement(StatementKind.Verified, document, Documents.Id(1), "abc");
        (await _site.SyncAsync()).Read.ShouldBe(1);

        (await _site.SyncAsync()).ShouldSatisfyAllConditions(done => done.Listed.ShouldBe(1), done => done.Read.ShouldBe(0), done => done.IsRebuild.ShouldBeFalse());
    }

    [Fact]
    public async Task Sync_OneBackupChanged_ReadsThatOneOnly()
    {
        var documents = Enumerable.Range(1, 5).Select(day => _site.Storage.PutBackup(Documents.Id(day), "abc")).ToList();
        await _site.SyncAsync();

        _site.Storage.PutStatement(StatementKind.Verified, documents[2], Documents.Id(3), "a");

        (await _site.SyncAsync()).Read.ShouldBe(1);
        (await _site.ScalarAsync<string>($"SELECT status FROM catalog.backups WHERE backup_id = '{Documents.Id(3)}'")).ShouldBe("VERIFIED");
        (await _site.ScalarAsync<string>($"SELECT state FROM catalog.copies WHERE backup_id = '{Documents.Id(3)}' AND target = 'a'")).ShouldBe("VERIFIED");
    }

    [Fact]
    public async Task Sync_CopyNotInOrder_IsReadEachTime()
    {
        _site.Storage.PutBackup(Documents.Id(1), "ab");
        _site.Storage.Put("c", StorageKeys.Backup(Documents.Cluster, Documents.Id(1)) + "contents.tink", [1]);
        await _site.SyncAsync();

        (await _site.SyncAsync()).Read.ShouldBe(1);
        (await _site.ScalarAsync<string>("SELECT state FROM catalog.copies WHERE target = 'c'")).ShouldBe("UNFINISHED");
    }

    [Fact]
    public async Task Sync_ManifestAlteredAfterItWasRead_IsNoticedADayLater()
    {
        var document = _site.Storage.PutBackup(Documents.Id(1), "ab");
        await _site.SyncAsync();
        document.Json[^3] ^= 1;
        _site.Storage.PutManifest(Documents.Id(1), "b", document.Json, document.Signature);

        _site.Clock.Advance(TimeSpan.FromHours(25));
        await _site.ShouldListWhatStorageListsAsync();

        (await _site.ScalarAsync<string>("SELECT state FROM catalog.copies WHERE target = 'b'")).ShouldBe("UNREADABLE");
        (await _site.ScalarAsync<string>("SELECT error FROM catalog.copies WHERE target = 'b'")).ShouldNotBeNull().ShouldContain("altered");
    }

    [Fact]
    public async Task Sync_ForgedDocuments_NeverEnter()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc", signer: keys.Foreign);
        var own = _site.Storage.PutBackup(Documents.Id(2), "abc");
        _site.Storage.PutStatement(StatementKind.Deleted, own, Documents.Id(2), "abc", forged: true);

        await _site.SyncAsync();

        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.backups")).ShouldBe(1);
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.statements")).ShouldBe(0);
        (await _site.ScalarAsync<string>($"SELECT presence FROM catalog.backups WHERE backup_id = '{Documents.Id(2)}'")).ShouldBe("PRESENT");
        await _site.ShouldListWhatStorageListsAsync();
    }

    [Fact]
    public async Task Sync_ManyAtOnce_EndWithOneCatalog()
    {
        for (var day = 1; day <= 20; day++)
        {
            _site.Storage.PutBackup(Documents.Id(day), "abc");
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            // As many processes: each with connections of its own.
            await using var database = server.Open(_site.DatabaseName);
            await new CatalogSync(database, _site.Storage.Catalog, _site.Runs, _site.Clock).RunAsync(rebuild: number % 2 == 0, CancellationToken.None);
        }));

        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.generations")).ShouldBe(1);
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.backups")).ShouldBe(20);
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.copies")).ShouldBe(60);
        await _site.ShouldListWhatStorageListsAsync();
    }

    [Fact]
    public async Task List_SynchronisationThatEndsSoon_IsWaitedFor()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        await using var other = new NpgsqlConnection(server.Server.ConnectionString(_site.DatabaseName));
        await other.OpenAsync();
        await CatalogLock.TakeAsync(other, _site.Storage.Catalog.Cluster, CancellationToken.None);
        _site.Storage.PutBackup(Documents.Id(2), "abc");

        var list = _site.Lists.ListAsync(withDeleted: false, CancellationToken.None);
        await _site.Clock.NextWaitAsync();
        await CatalogLock.ReleaseAsync(other, _site.Storage.Catalog.Cluster);
        _site.Clock.Advance(TimeSpan.FromMilliseconds(50));

        (await list).Backups.Select(backup => backup.BackupId).ShouldBe([Documents.Id(2), Documents.Id(1)]);
    }

    [Fact]
    public async Task Rebuild_WhileItReads_TheOldOneIsShown()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        _site.Storage.PutBackup(Documents.Id(2), "abc");
        var held = new HeldTarget(_site.Storage.Targets[0]);
        await using var other = server.Open(_site.DatabaseName);
        var rebuild = new CatalogSync(other, _site.Storage.With([held, .. _site.Storage.Targets.Skip(1)]), runs: null, _site.Clock)
            .RunAsync(rebuild: true, CancellationToken.None);
        await held.Reached.WaitAsync(TimeSpan.FromMinutes(1));

        var list = _site.Lists.ListAsync(withDeleted: true, CancellationToken.None);
        await _site.Clock.NextWaitAsync();
        _site.Clock.Advance(TimeSpan.FromSeconds(2));
        (await list).Backups.ShouldHaveSingleItem().BackupId.ShouldBe(Documents.Id(1));
        _site.Notices.ShouldBeEmpty();

        held.Release();
        (await rebuild).IsRebuild.ShouldBeTrue();
        await _site.ShouldListWhatStorageListsAsync();
    }

    [Fact]
    public async Task Rebuild_EndedInTheMiddle_LeavesTheOldOneAndNoRemains()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        var held = new HeldTarget(_site.Storage.Targets[0]);
        using var cancellation = new CancellationTokenSource();
        var rebuild = new CatalogSync(_site.Database, _site.Storage.With([held]), runs: null, _site.Clock).RunAsync(rebuild: true, cancellation.Token);
        await held.Reached.WaitAsync(TimeSpan.FromMinutes(1));
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.generations")).ShouldBe(2);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => rebuild);

        await _site.ShouldListWhatStorageListsAsync();
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.generations")).ShouldBe(1);
    }

    [Fact]
    public async Task Rebuild_TargetAway_KeepsWhatWasKnownOfItAsUnknown()
    {
        _site.Storage.PutBackup(Documents.Id(1), "ab");
        var only = _site.Storage.PutBackup(Documents.Id(2), "c");
        _site.Storage.PutStatement(StatementKind.Verified, only, Documents.Id(2), "c");
        await _site.SyncAsync();
        _site.Storage.TakeAway("c");

        (await _site.RebuildAsync()).Unreachable.ShouldHaveSingleItem();

        (await _site.ScalarAsync<string>($"SELECT current_presence FROM catalog.current_backups WHERE backup_id = '{Documents.Id(2)}'")).ShouldBe("UNKNOWN");
        (await _site.ScalarAsync<string>("SELECT state || '/' || last_known_state FROM catalog.current_copies WHERE target = 'c'")).ShouldBe("UNKNOWN/WRITTEN");
        _site.Storage.BringBack("c");
        await _site.ShouldListWhatStorageListsAsync();
        (await _site.ScalarAsync<string>($"SELECT current_presence FROM catalog.current_backups WHERE backup_id = '{Documents.Id(2)}'")).ShouldBe("PRESENT");
    }

    [Fact]
    public async Task Rebuild_RowsThatSomebodyPutThere_AreGone()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        await _site.ExecuteAsync("INSERT INTO catalog.entries SELECT generation, '20261130T020000123Z-00000000', listed_on, listed, true, read_at FROM catalog.entries");
        await _site.ExecuteAsync("UPDATE catalog.backups SET status = 'PROVEN', plain_size = 1, metadata = metadata || '{\"plain_size\": 1}'");

        await _site.RebuildAsync();

        await _site.ShouldListWhatStorageListsAsync();
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.entries")).ShouldBe(1);
        (await _site.ScalarAsync<string>("SELECT status FROM catalog.backups")).ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task Sync_NoTargetReadable_MakesNoEmptyCatalog()
    {
        foreach (var target in new[] { "a", "b", "c" })
        {
            _site.Storage.TakeAway(target);
        }

        (await Should.ThrowAsync<CatalogException>(() => _site.SyncAsync())).Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Sync_Cancelled_Throws() =>
        await Should.ThrowAsync<OperationCanceledException>(() => _site.Sync.RunAsync(rebuild: false, new CancellationToken(canceled: true)));

    [Fact]
    public async Task Sync_TwoClustersInOneDatabase_DoNotMix()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        var other = new StorageCatalog("elsewhere", [.. _site.Storage.Targets], keys.Pinned);

        await new CatalogSync(_site.Database, other, runs: null, _site.Clock).RunAsync(rebuild: true, CancellationToken.None);

        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.current_backups WHERE cluster = 'elsewhere'")).ShouldBe(0);
        await _site.ShouldListWhatStorageListsAsync();
    }

    [Fact]
    public async Task Sync_WriteAheadLog_IsCountedByTargetServerAndTimeline()
    {
        var epoch = Documents.Id(1);
        foreach (var segment in new[] { "0000000100000000000000A1", "0000000100000000000000A2", "0000000200000000000000A3" })
        {
            _site.Storage.Put("ab", $"main/wal/7301234567890123456/{segment[..8]}/{segment}-{epoch}-{new string('a', 32)}", [1, 2, 3]);
        }

        // Received twice, and another one that is not full.
        _site.Storage.Put("a", $"main/wal/7301234567890123456/00000001/0000000100000000000000A2-{epoch}-{new string('b', 32)}", [1, 2, 3]);
        _site.Storage.Put("a", $"main/wal/7301234567890123456/00000001/0000000100000000000000A3.partial-00000000A3001000-{epoch}-{new string('c', 32)}", [1]);
        _site.Storage.Put("a", $"main/wal/7301234567890123456/epochs/{epoch}.json", [1]);
        _site.Storage.Put("a", $"main/wal/7301234567890123456/00000001/inventory-{epoch}-00000001-00000000A3001000.json", [1]);
        _site.Storage.Put("a", $"main/wal/7301234567890123456/00000001/inventory-{epoch}-00000001-00000000A3001000.sig", [1]);

        await _site.SyncAsync();

        (await _site.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', target, timeline, objects, segments, bytes, right(first_segment, 2), right(last_segment, 2)), '; ' ORDER BY target, timeline) FROM catalog.wal"))
            .ShouldBe("a 1 4 2 10 A1 A2; a 2 1 1 3 A3 A3; b 1 2 2 6 A1 A2; b 2 1 1 3 A3 A3");
    }
}
