using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Verify;

namespace BackupFunctions.Jobs.Tests.Restore;

public sealed class ReadableCopiesTests : IDisposable
{
    private readonly IntegritySite _site = new();
    private readonly RecordingReporter _reporter = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Of_QuarantinedCopy_IsNotReadUntilItIsRepaired()
    {
        var id = _site.PutBackup();
        _site.Flip("near", id, IntegritySite.Data);
        await _site.CheckAsync(repair: false, id);

        (await ReadableAsync(id)).ShouldBe(["far", "off"]);

        await _site.CheckAsync(repair: true, id);
        (await ReadableAsync(id)).ShouldBe(["near", "far", "off"]);
    }

    [Fact]
    public async Task Of_EveryCopyQuarantined_IsReadWithAWarningButNotChosenByItself()
    {
        var older = _site.PutBackup(ageInDays: 5);
        var id = _site.PutBackup();
        foreach (var target in IntegritySite.Names)
        {
            _site.Flip(target, id, IntegritySite.Data);
        }

        await _site.CheckAsync(repair: false, id);

        (await ReadableAsync(id)).ShouldBe(["near", "far", "off"]);
        _reporter.Warnings.ShouldHaveSingleItem().ShouldContain($"Every copy of backup {id} is quarantined (far, near, off)");
        (await BackupChooser.ChooseAsync(_site.Catalog, "shop", backupId: null, CancellationToken.None)).Record.BackupId.ShouldBe(older);
    }

    private async Task<IEnumerable<string>> ReadableAsync(string id)
    {
        using var keys = new PrivateKeyRing();
        using var reader = new BackupReader(IntegritySite.Cluster, _site.Targets, _site.Keys, keys);
        var stored = await reader.Catalog.FindAsync(id, CancellationToken.None);
        return (await ReadableCopies.OfAsync(reader, stored!, _reporter, CancellationToken.None)).Select(target => target.Name);
    }
}
