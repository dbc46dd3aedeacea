using System.Text;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests;

/// <summary>Somebody who may write to the targets and does not have the signing key.</summary>
[Collection(FaultCollection.Name)]
public sealed class ForgeryTests(FaultFixture fixture)
{
    [Theory]
    [InlineData("r2")]
    [InlineData("local")]
    public async Task Manifest_AlteredOnOneTarget_IsNotBelievedAndRepaired(string target)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.ReadFirst(target);
        await site.Store(target).PutAsync(backup.Key("manifest.json"), Altered(backup));

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);
        (await site.ListAsync()).Backups.ShouldHaveSingleItem().Database.ShouldBe(SampleData.Shop);
        var found = (await site.VerifyAsync(backup.BackupId)).Findings.ShouldHaveSingleItem();

        (found.Target, found.Condition).ShouldBe((target, CopyCondition.Damaged));
        found.Detail.ShouldSay("manifest.json", $"on target '{target}' was altered or damaged", "find out who changed it");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Repaired.ShouldBe(1);
    }

    [Fact]
    public async Task Manifest_AlteredOnEveryTarget_IsRefusedAndNothingTouched()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        await PutEverywhereAsync(site, backup.Key("manifest.json"), Altered(backup));

        await site.FetchAsync(backup.BackupId).ShouldFailAsync(ErrorCodes.ManifestAltered, "The manifest was altered or damaged", "find out who changed this one");

        await ShouldNotBeBelievedAsync(site, backup);
    }

    [Fact]
    public async Task Manifest_SignedByAStrangerOnOneTarget_IsNotBelievedAndRepaired()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var forged = ForgedManifest(backup);
        await site.Store("r2").PutAsync(backup.Key("manifest.json"), forged.Json);
        await site.Store("r2").PutAsync(backup.Key("manifest.sig"), forged.Signature);

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);
        var found = (await site.VerifyAsync(backup.BackupId)).Findings.ShouldHaveSingleItem();

        (found.Target, found.Condition).ShouldBe(("r2", CopyCondition.Damaged));
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Repaired.ShouldBe(1);
    }

    [Fact]
    public async Task Manifest_SignedByAStrangerOnEveryTarget_IsRefusedAndNothingTouched()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var forged = ForgedManifest(backup);
        await PutEverywhereAsync(site, backup.Key("manifest.json"), forged.Json);
        await PutEverywhereAsync(site, backup.Key("manifest.sig"), forged.Signature);

        await site.FetchAsync(backup.BackupId).ShouldFailAsync(ErrorCodes.SignerUnknown, "signed", "pinned");

        await ShouldNotBeBelievedAsync(site, backup);
    }

    [Theory]
    [InlineData(StatementKind.Deleted)]
    [InlineData(StatementKind.Tombstoned)]
    [InlineData(StatementKind.Quarantined)]
    public async Task Statement_SignedByAStranger_IsNotBelievedAndNamed(StatementKind kind)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        using var key = SigningKey.FromPem(File.ReadAllText(fixture.OtherKeys[KeyFiles.SigningPrivate]));

        await ShouldNotMatterAsync(site, backup, StatementOf(backup, kind, backup.ManifestSha256, key), key, "cannot be read", "signed", "pinned");
    }

    [Theory]
    [InlineData(StatementKind.Deleted)]
    [InlineData(StatementKind.Quarantined)]
    public async Task Statement_OfAnotherManifest_IsNotBelievedAndNamed(StatementKind kind)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var older = await fixture.OlderAsync();
        using var key = SigningKey.FromPem(File.ReadAllText(fixture.Keys[KeyFiles.SigningPrivate]));

        await ShouldNotMatterAsync(site, backup, StatementOf(backup, kind, older.ManifestSha256, key), key, "speaks of another manifest than the one that is there");
    }

    [Fact]
    public async Task Statement_MovedFromAnotherBackup_IsNotBelievedAndNamed()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var older = await fixture.OlderAsync();
        using var key = SigningKey.FromPem(File.ReadAllText(fixture.Keys[KeyFiles.SigningPrivate]));
        var deleted = StatementOf(older, StatementKind.Deleted, older.ManifestSha256, key);
        var document = StatementCodec.Write(deleted, key);

        await ShouldNotMatterAsync(site, backup, deleted with { BackupId = backup.BackupId }, document, "cannot be read", "it belongs to backup", older.BackupId);
    }

    private static byte[] Altered(PreparedBackup backup)
    {
        var text = Encoding.UTF8.GetString(backup.Objects[backup.Key("manifest.json")]);
        var altered = text.Replace($"\"database\": \"{SampleData.Shop}\"", "\"database\": \"payroll\"", StringComparison.Ordinal);
        (altered == text).ShouldBeFalse("The manifest has another form than this test knows.");
        return Encoding.UTF8.GetBytes(altered);
    }

    private static async Task PutEverywhereAsync(FaultSite site, string key, byte[] bytes)
    {
        foreach (var target in site.Names)
        {
            await site.Store(target).PutAsync(key, bytes);
        }
    }

    private static Statement StatementOf(PreparedBackup backup, StatementKind kind, string manifestSha256, SigningKey key) => new()
    {
        Format = Statement.CurrentFormat,
        BackupId = backup.BackupId,
        Cluster = BackupSite.Cluster,
        Kind = kind,
        At = TimeProvider.System.GetUtcNow(),
        ManifestSha256 = manifestSha256,
        Copies = ["r2", "b2", "local"],
        SignedBy = key.KeyId,
    };

    private SignedDocument ForgedManifest(PreparedBackup backup)
    {
        using var stranger = SigningKey.FromPem(File.ReadAllText(fixture.OtherKeys[KeyFiles.SigningPrivate]));
        var ring = VerificationKeyRing.FromPems(File.ReadAllText(fixture.Keys[KeyFiles.SigningPublic]));
        var manifest = ManifestCodec.Read(
            backup.Objects[backup.Key("manifest.json")], backup.Objects[backup.Key("manifest.sig")], ring, BackupSite.Cluster, backup.BackupId);
        return ManifestCodec.Write(manifest with { Database = "payroll", SignedBy = stranger.KeyId }, stranger);
    }

    /// <summary>A backup without a good manifest: named, no copy of it called good, not a byte of it changed.</summary>
    private static async Task ShouldNotBeBelievedAsync(FaultSite site, PreparedBackup backup)
    {
        var before = await site.CopyAsync("r2", backup.BackupId);
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);
        (verified.Success, verified.Good, verified.Repaired).ShouldBe((false, 0, 0));
        verified.Problems.ShouldHaveSingleItem().ShouldSay(backup.BackupId);
        var listing = await site.ListAsync();
        listing.Backups.ShouldBeEmpty();
        listing.Unreadable.ShouldHaveSingleItem().ShouldSay($"Backup {backup.BackupId}: ");
        (await site.CopyAsync("r2", backup.BackupId)).ShouldBe(before, ignoreOrder: true);
    }

    private static Task ShouldNotMatterAsync(FaultSite site, PreparedBackup backup, Statement statement, SigningKey key, params string[] words) =>
        ShouldNotMatterAsync(site, backup, statement, StatementCodec.Write(statement, key), words);

    private static async Task ShouldNotMatterAsync(FaultSite site, PreparedBackup backup, Statement place, SignedDocument document, params string[] words)
    {
        await PutEverywhereAsync(site, StorageKeys.Statement(place), document.Json);
        await PutEverywhereAsync(site, StorageKeys.StatementSignature(place), document.Signature);

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);
        (await site.VerifiedCopiesAsync(backup.BackupId)).Count.ShouldBe(3);
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);
        (verified.Success, verified.Good).ShouldBe((false, 3));
        verified.Problems.ShouldHaveSingleItem().ShouldSay([StorageKeys.Statement(place), .. words]);
        var cleanup = await site.CleanUpAsync(afterDays: 1000);
        (cleanup.Result.Success, cleanup.Result.Tombstoned, cleanup.Result.Deleted).ShouldBe((false, 0, 0));
        foreach (var target in site.Names)
        {
            await site.Store(target).DeleteAsync(StorageKeys.Statement(place));
            await site.Store(target).DeleteAsync(StorageKeys.StatementSignature(place));
        }

        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }
}
