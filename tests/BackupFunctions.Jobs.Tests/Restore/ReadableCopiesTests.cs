using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Verify;

namespace BackupFunctions.Jobs.Tests.Restore;

public sealed class ReadableCopiesTests : IDisposable
{
    private readonly IntegritySite _site = new();

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
    public async Task Of_EveryCopyQuarantined_IsRefusedAndNotChosenByItself()
    {
        var older = _site.PutBackup(ageInDays: 5);
        var id = _site.PutBackup();
        foreach (var target in IntegritySite.Names)
        {
            _site.Flip(target, id, IntegritySite.Data);
        }

        await _site.CheckAsync(repair: false, id);

        var refused = await Should.ThrowAsync<PgdrException>(() => ReadableAsync(id));
        refused.Code.ShouldBe(ErrorCodes.CopiesMissing);
        refused.Message.ShouldContain($"'pgdr backup verify {id} --repair'");
        (await BackupChooser.ChooseAsync(_site.Catalog, "shop", backupId: null, CancellationToken.None)).Record.BackupId.ShouldBe(older);
    }

    private async Task<IEnumerable<string>> ReadableAsync(string id)
    {
        using var keys = new PrivateKeyRing();
        using var reader = new BackupReader(IntegritySite.Cluster, _site.Targets, _site.Keys, keys);
        var stored = await reader.Catalog.FindAsync(id, CancellationToken.None);
        return (await ReadableCopies.OfAsync(reader, stored!, CancellationToken.None)).Select(target => target.Name);
    }
}
