using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Database;

[Collection(CatalogServerCollection.Name)]
public sealed class CatalogListTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private readonly CatalogSite _site = new(server, keys);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task List_NothingStored_IsThatOfStorage() => await _site.ShouldListWhatStorageListsAsync();

    [Fact]
    public async Task List_BackupsInEveryState_IsThatOfStorage()
    {
        var verified = _site.Storage.PutBackup(Documents.Id(1), "abc");
        _site.Storage.PutStatement(StatementKind.Verified, verified, Documents.Id(1), "abc");
        var proven = _site.Storage.PutBackup(Documents.Id(2), "ab");
        _site.Storage.PutStatement(StatementKind.Proven, proven, Documents.Id(2), "c");
        var quarantined = _site.Storage.PutBackup(Documents.Id(3), "abc");
        _site.Storage.PutStatement(StatementKind.Quarantined, quarantined, Documents.Id(3), "abc");
        var tombstoned = _site.Storage.PutBackup(Documents.Id(4), "abc");
        _site.Storage.PutStatement(StatementKind.Tombstoned, tombstoned, Documents.Id(4), "abc");
        var deleted = _site.Storage.PutBackup(Documents.Id(5), "abc");
        _site.Storage.PutStatement(StatementKind.DeletionStarted, deleted, Documents.Id(5), "abc");
        _site.Storage.PutStatement(StatementKind.Deleted, deleted, Documents.Id(5), "abc", minute: 1);
        var held = _site.Storage.PutBackup(Documents.Id(6), "c");
        _site.Storage.PutStatement(StatementKind.TombstoneCancelled, held, Documents.Id(6), "abc");
        _site.Storage.Put("ab", $"main/backups/{Documents.Id(7)}/contents.tink", [1]);
        var altered = _site.Storage.PutBackup(Documents.Id(8), "abc");
        altered.Json[^3] ^= 1;
        _site.Storage.PutManifest(Documents.Id(8), "abc", altered.Json, altered.Signature);
        _site.Storage.PutBackup(Documents.Id(9), "a");
        _site.Storage.PutBackup(Documents.Id(9), "b", manifest => manifest with { PlainSize = 999 });

        await _site.ShouldListWhatStorageListsAsync();

        (await _site.Storage.Catalog.ListAsync(withDeleted: true, CancellationToken.None)).Backups.Count.ShouldBe(6);
        (await _site.ScalarAsync<string>($"SELECT presence FROM catalog.backups WHERE backup_id = '{Documents.Id(5)}'")).ShouldBe("DELETED");
    }

    [Fact]
    public async Task List_BackupsOfTenants_IsThatOfStorageAndStaysCompletedWhereRowsMayBeHidden()
    {
        foreach (var (day, unproven) in new[] { (1, null), (2, "Row level security applied.") })
        {
            var facts = new TenantFacts { Id = "Müller & 新", Mode = TenantMode.Column, Scan = new TenantScan(1, 0, 0, 0), Unproven = unproven };
            var backup = _site.Storage.PutBackup(Documents.Id(day), "abc", manifest => manifest with { Kind = BackupKind.Tenant, Tenant = facts });
            _site.Storage.PutStatement(StatementKind.Verified, backup, Documents.Id(day), "abc");
            _site.Storage.PutStatement(StatementKind.Proven, backup, Documents.Id(day), "abc");
        }

        await _site.ShouldListWhatStorageListsAsync();

        (await _site.Storage.Catalog.ListAsync(withDeleted: true, CancellationToken.None)).Backups.Select(backup => (backup.Status, backup.Tenant))
            .ShouldBe([(BackupStatus.Completed, "Müller & 新"), (BackupStatus.Proven, "Müller & 新")]);
        (await _site.ScalarAsync<string>("SELECT string_agg(kind || ' ' || status, ',' ORDER BY backup_id) FROM catalog.backups WHERE tenant LIKE 'Müller%'"))
            .ShouldBe("TENANT PROVEN,TENANT COMPLETED");
    }

    [Fact]
    public async Task List_TimesFinerThanAMicrosecond_AreKept()
    {
        _site.Storage.PutBackup(Documents.Id(1), "a", manifest => manifest with { SnapshotAt = manifest.SnapshotAt.AddTicks(7).ToOffset(TimeSpan.FromHours(2)) });

        await _site.ShouldListWhatStorageListsAsync();
    }

    [Fact]
    public async Task List_TargetGoesAndComesBack_IsThatOfStorageEachTime()
    {
        _site.Storage.PutBackup(Documents.Id(1), "ab");
        var only = _site.Storage.PutBackup(Documents.Id(2), "c");
        _site.Storage.PutStatement(StatementKind.Verified, only, Documents.Id(2), "c");
        await _site.ShouldListWhatStorageListsAsync();

        _site.Storage.TakeAway("c");
        await _site.ShouldListWhatStorageListsAsync();
        (await _site.ScalarAsync<string>($"SELECT state || last_known_state FROM catalog.current_copies WHERE backup_id = '{Documents.Id(2)}'"))
            .ShouldBe("UNKNOWNWRITTEN");

        _site.Storage.BringBack("c");
        await _site.ShouldListWhatStorageListsAsync();
        (await _site.Lists.ListAsync(withDeleted: false, CancellationToken.None)).Backups.Count.ShouldBe(2);
    }

    [Fact]
    public async Task List_FolderGoneFromAllTargets_IsKeptAsLostAndSaid()
    {
        _site.Storage.PutBackup(Documents.Id(1), "ab");
        _site.Storage.PutBackup(Documents.Id(2), "ab");
        await _site.SyncAsync();

        _site.Storage.RemoveFolder("ab", Documents.Id(2));
        await _site.ShouldListWhatStorageListsAsync();

        _site.Notices.ShouldHaveSingleItem().ShouldContain(Documents.Id(2));
        (await _site.ScalarAsync<string>($"SELECT presence FROM catalog.backups WHERE backup_id = '{Documents.Id(2)}'")).ShouldBe("LOST");
        (await _site.ScalarAsync<string>($"SELECT string_agg(state, ',') FROM catalog.copies WHERE backup_id = '{Documents.Id(2)}'")).ShouldBe("MISSING,MISSING");
    }

    [Fact]
    public async Task List_ManifestThatWasMissedAndCameLater_IsFound()
    {
        _site.Storage.Put("c", $"main/backups/{Documents.Id(1)}/contents.tink", [1]);
        var document = _site.Storage.PutBackup(Documents.Id(1), "ab");
        await _site.ShouldListWhatStorageListsAsync();

        _site.Storage.PutManifest(Documents.Id(1), "c", document.Json, document.Signature);
        await _site.ShouldListWhatStorageListsAsync();

        (await _site.Lists.ListAsync(withDeleted: false, CancellationToken.None)).Backups.ShouldHaveSingleItem().Copies.Count.ShouldBe(3);
    }

    [Fact]
    public async Task List_OneBackup_IsThatOfStorage()
    {
        _site.Storage.PutBackup(Documents.Id(1), "ab");
        _site.Storage.PutBackup(Documents.Id(2), "ab");

        (await _site.Lists.ListAsync(withDeleted: false, Documents.Id(2), CancellationToken.None)).Backups.ShouldHaveSingleItem().BackupId.ShouldBe(Documents.Id(2));
    }
}
