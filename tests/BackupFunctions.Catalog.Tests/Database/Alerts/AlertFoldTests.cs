using BackupFunctions.Catalog.Database.Alerts;
using BackupFunctions.Catalog.Tests.Support;

namespace BackupFunctions.Catalog.Tests.Database.Alerts;

public sealed class AlertFoldTests
{
    [Fact]
    public void Fold_SameTroubleAgain_IsOneAlertThatCounts()
    {
        var alert = AlertFold.Of([Raised(1), Raised(5), Raised(3)]).ShouldHaveSingleItem();

        alert.Count.ShouldBe(3);
        alert.FirstSeenAt.ShouldBe(At(1));
        alert.LastSeenAt.ShouldBe(At(5));
        alert.Message.ShouldBe("at 5");
        alert.ResolvedAt.ShouldBeNull();
    }

    [Fact]
    public void Fold_SeenGoodLater_IsResolvedByThatRun()
    {
        var alert = AlertFold.Of([Good(4), Raised(1), Good(2)]).ShouldHaveSingleItem();

        alert.ResolvedAt.ShouldBe(At(2));
        alert.ResolvedBy.ShouldBe("run-2");
    }

    [Fact]
    public void Fold_TroubleAfterItWasGood_IsANewAlert() =>
        AlertFold.Of([Raised(1), Good(2), Raised(3)]).Select(alert => (alert.FirstSeenAt, alert.ResolvedAt))
            .ShouldBe([(At(1), At(2)), (At(3), null)]);

    [Fact]
    public void Fold_OnlyGood_IsNone() => AlertFold.Of([Good(1), Good(2)]).ShouldBeEmpty();

    [Fact]
    public void Fold_AnyOrder_GivesTheSame()
    {
        AlertSignal[] signals = [Raised(1), Raised(2), Good(3), Raised(4), Good(5), Good(6), Raised(7)];
        var expected = AlertFold.Of(signals);
        for (var seed = 0; seed < 50; seed++)
        {
            new Random(seed).Shuffle(signals);
            AlertFold.Of(signals).ShouldBe(expected);
        }
    }

    private static DateTimeOffset At(int minute) => Documents.Start.AddMinutes(minute);

    private static AlertSignal Raised(int minute) =>
        new("backup:shop", At(minute), $"run-{minute}", IsRaised: true, AlertKinds.BackupFailed, AlertSeverities.Error, $"at {minute}");

    private static AlertSignal Good(int minute) =>
        new("backup:shop", At(minute), $"run-{minute}", IsRaised: false, AlertKinds.BackupFailed, AlertSeverities.Error, Message: null);
}
