using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>Recovery of real servers of every version to random committed points, compared row by row with what had been committed.</summary>
public sealed class RandomPointsTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(30));

    public void Dispose() => _patience.Dispose();

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public Task Recover_ToTwoPointsAndTheEnd_HasWhatHadBeenCommittedRowByRow(int major) => RecoverAsync(major, backups: 2, points: 2, ends: [2]);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public Task Recover_ToTwentyPointsAndBothEnds_HasWhatHadBeenCommittedRowByRow(int major) => RecoverAsync(major, backups: 3, points: 20, ends: [1, 2]);

    private async Task RecoverAsync(int major, int backups, int points, int[] ends)
    {
        await using var history = await ArchivedHistory.CreateAsync(major, backups, _patience.Token);
        history.Backups.Select(backup => backup.ParentId is null).ShouldBe(IsWhole(major >= 17 ? backups : 1), string.Join('\n', history.Warnings));
        var random = new Random(20261121 + major);
        for (var number = 0; number < points; number++)
        {
            // Either timeline in turn; what lies on the first one is on both ways.
            var timeline = 1 + (number % 2);
            int? followed = random.Next(2) == 0 ? timeline : null;
            List<CommittedPoint> ofTimeline = [.. history.Points.Where(point => point.Timeline == timeline)];
            var index = random.Next(1, ofTimeline.Count);
            var (change, rows, what) = Target(random.Next(5), ofTimeline[index], ofTimeline[index - 1], history.Backups);

            var (recovered, found) = await history.RecoverAsync(parameters => change(parameters) with { Timeline = followed });

            found.ShouldBe(rows, $"{what} on {major}, timeline {followed}: recovered to {recovered.Target} from {recovered.BackupId}");
            recovered.Timeline.ShouldBeInRange(1, followed ?? 2, what);
        }

        foreach (var timeline in ends)
        {
            var (latest, found) = await history.RecoverAsync(parameters => parameters with { Timeline = timeline });

            found.ShouldBe(history.Points.Last(point => point.Timeline == timeline).After);
            latest.Timeline.ShouldBe(timeline);
            latest.LogFiles.ShouldBeGreaterThan(0);
        }
    }

    /// <summary>The first one of each timeline.</summary>
    private static IEnumerable<bool> IsWhole(int backups) => Enumerable.Range(0, 2 * backups).Select(backup => backup % backups == 0);

    private static (Func<RecoverServerParameters, RecoverServerParameters> Change, IReadOnlyList<string> Rows, string What) Target(
        int kind, CommittedPoint point, CommittedPoint previous, IReadOnlyList<BaseBackupResult> backups)
    {
        // A transaction tells no place: the base is named. It is consistent before the commit when it is before the one before.
        var before = backups.Last(backup => Lsn.Parse(backup.StopLsn) <= previous.Lsn || backup == backups[0]);
        return kind switch
        {
            0 => (parameters => parameters with { TargetTime = point.At }, point.After, "time"),
            1 => (parameters => parameters with { TargetTime = point.At, Exclusive = true }, point.Before, "time, exclusive"),
            2 => (parameters => parameters with { TargetTransaction = point.Transaction, BackupId = before.BackupId }, point.After, "transaction"),
            3 => (parameters => parameters with { TargetTransaction = point.Transaction, BackupId = before.BackupId, Exclusive = true }, point.Before, "transaction, exclusive"),
            _ => (parameters => parameters with { TargetLsn = Lsn.Format(point.Lsn), Exclusive = true }, point.After, "position, exclusive"),
        };
    }
}
