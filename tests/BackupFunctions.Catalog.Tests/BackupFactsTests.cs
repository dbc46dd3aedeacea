using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests;

public sealed class BackupFactsTests
{
    private const string Manifest = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

    [Fact]
    public void Of_TwoTombstones_TheFirstCounts()
    {
        var facts = Of(On(1, StatementKind.Tombstoned), On(5, StatementKind.Tombstoned));

        facts.TombstonedAt.ShouldBe(Day(1));
        facts.DeletedAt.ShouldBeNull();
    }

    [Fact]
    public void Of_TombstoneCancelled_AllCopiesStayAndALaterTombstoneBeginsAnew()
    {
        Of(On(1, StatementKind.Tombstoned, "a"), On(2, StatementKind.TombstoneCancelled)).TombstonedAt.ShouldBeNull();
        Of(On(3, StatementKind.Tombstoned), On(2, StatementKind.TombstoneCancelled), On(1, StatementKind.Tombstoned)).TombstonedAt.ShouldBe(Day(3));
    }

    [Fact]
    public void Of_Held_IsHeldAlsoAfterALaterCancellationWithoutATime()
    {
        var facts = Of(On(1, StatementKind.TombstoneCancelled) with { KeepUntil = Day(20) }, On(2, StatementKind.TombstoneCancelled));

        facts.KeepUntil.ShouldBe(Day(20));
    }

    [Fact]
    public void Of_DeletionStarted_IsNoCopyAnyMore()
    {
        var facts = Of(On(1, StatementKind.DeletionStarted, "a"), On(2, StatementKind.TombstoneCancelled));

        facts.Copies.Where(copy => copy.IsGone).ShouldHaveSingleItem().Target.ShouldBe("a");
        facts.DeletedAt.ShouldBeNull();
        Of(On(1, StatementKind.DeletionStarted), On(2, StatementKind.Deleted, "a")).DeletedAt.ShouldBe(Day(2));
    }

    [Fact]
    public void Of_OneCopyTombstoned_TheBackupIsNot()
    {
        Of(On(1, StatementKind.Tombstoned, "a")).TombstonedAt.ShouldBeNull();
        Of(On(1, StatementKind.Tombstoned, "a"), On(2, StatementKind.Deleted, "b")).TombstonedAt.ShouldBe(Day(1));
    }

    [Fact]
    public void Of_OneCopyQuarantined_TheBackupIsStillGoodAndTheCopyIsNotUntilVerifiedAgain()
    {
        var facts = Of(On(1, StatementKind.Verified, "a", "b"), On(2, StatementKind.Quarantined, "b"));

        facts.Status.ShouldBe(BackupStatus.Verified);
        facts.Copies.Select(copy => (copy.Target, copy.Verified, copy.Quarantined)).ShouldBe([("a", true, false), ("b", false, true)]);
        Of(On(1, StatementKind.Quarantined, "b"), On(2, StatementKind.Verified, "b")).Copies[1].Verified.ShouldBeTrue();
    }

    [Fact]
    public void Of_StatementAboutAnotherManifest_DoesNotCount() =>
        Of(On(1, StatementKind.Tombstoned) with { ManifestSha256 = new string('e', 64) }).TombstonedAt.ShouldBeNull();

    private static BackupFacts Of(params Statement[] statements) => BackupFacts.Of(Manifest, ["a", "b"], statements);

    private static DateTimeOffset Day(int day) => new(2026, 11, day, 5, 0, 0, TimeSpan.Zero);

    private static Statement On(int day, StatementKind kind, params string[] copies) => new()
    {
        Format = Statement.CurrentFormat,
        BackupId = "20261121T020000123Z-9f3c01ab",
        Cluster = "main",
        Kind = kind,
        At = Day(day),
        ManifestSha256 = Manifest,
        Copies = copies,
        SignedBy = new string('c', 64),
    };
}
