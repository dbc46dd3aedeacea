using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

public sealed class RecoverDatabaseJobTests(ArchivedServer server) : IClassFixture<ArchivedServer>, IDisposable
{
    private static readonly WantedPoint Latest = new(Time: null, Lsn: null);

    private readonly JobSite _site = server.NewSite();
    private readonly string _restoreId = server.NewRestoreId();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Recover_ToATime_HasTheRowsBeforeTheAccident()
    {
        var selected = await ArchivedServer.SelectAsync(_site, new WantedPoint(server.Before.At, Lsn: null));

        var recovered = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        (await server.RestoredRowsAsync(_site, selected.BackupId, _restoreId)).ShouldBe(ArchivedServer.RowsBefore);
        selected.BackupId.ShouldBe(server.BaseId);
        selected.Checks.ShouldContain(check => check.StartsWith("log without a hole to ", StringComparison.Ordinal));
        var point = recovered.Point.ShouldNotBeNull();
        point.At.ShouldBe(server.Before.At);
        point.LastCommitAt!.Value.ShouldBeLessThanOrEqualTo(server.Before.At);
        Lsn.Parse(point.Lsn).ShouldBeGreaterThanOrEqualTo(Lsn.Parse(server.Before.Lsn));
        Lsn.Parse(point.Lsn).ShouldBeLessThan(Lsn.Parse(server.End));
        (point.Timeline, point.LogFiles > 0).ShouldBe((1, true));
        (recovered.Downloaded > 0, recovered.Reused, recovered.PlainSize > 0).ShouldBe((true, 0, true));
        NothingIsLeft();
    }

    [Fact]
    public async Task Recover_ToAPosition_HasTheRowsBeforeTheAccident()
    {
        var selected = await ArchivedServer.SelectAsync(_site, new WantedPoint(Time: null, server.Before.Lsn));

        var recovered = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        (await server.RestoredRowsAsync(_site, selected.BackupId, _restoreId)).ShouldBe(ArchivedServer.RowsBefore);
        recovered.Point!.At.ShouldBe(recovered.Point.LastCommitAt!.Value);
    }

    [Fact]
    public async Task Recover_WithoutATarget_HasTheRowsOfTheEndOfTheLog()
    {
        var selected = await ArchivedServer.SelectAsync(_site, point: null);

        var recovered = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        (await server.RestoredRowsAsync(_site, selected.BackupId, _restoreId)).ShouldBe(ArchivedServer.RowsOfTheEnd);
        recovered.Point!.Target.ShouldBe("the end of the log");
        recovered.Point.At.ShouldBeGreaterThan(server.Before.At);
    }

    [Fact]
    public async Task Recover_InterruptedWhileItDumped_GoesOnWithTheServerThatHadReachedItsPoint()
    {
        var selected = await ArchivedServer.SelectAsync(_site, Latest);
        await InterruptAsync(selected, "dump");

        var recovered = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        (recovered.Downloaded, recovered.Reused).ShouldBe((0, selected.StoredSize));
        _site.Reporter.Warnings.ShouldNotContain(warning => warning.Contains("interrupted", StringComparison.Ordinal));
        (await server.RestoredRowsAsync(_site, selected.BackupId, _restoreId)).ShouldBe(ArchivedServer.RowsOfTheEnd);
        NothingIsLeft();
    }

    [Fact]
    public async Task Recover_InterruptedWhileItReplayed_BeginsAgainFromTheBaseAndSaysSo()
    {
        var selected = await ArchivedServer.SelectAsync(_site, Latest);
        await InterruptAsync(selected, "recover");
        // As a job leaves it that is killed when the server has begun.
        await File.WriteAllTextAsync(Path.Combine(ServerFolder, "stage.json"), """{"stage":"RECOVERING"}""");

        var recovered = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        recovered.Reused.ShouldBe(0);
        _site.Reporter.Warnings.ShouldContain(warning => warning == "The replay of log was interrupted: it began again from the base backup.");
        (await server.RestoredRowsAsync(_site, selected.BackupId, _restoreId)).ShouldBe(ArchivedServer.RowsOfTheEnd);
    }

    [Fact]
    public async Task Recover_Twice_IsOneRecovery()
    {
        var selected = await ArchivedServer.SelectAsync(_site, new WantedPoint(Time: null, server.Before.Lsn));
        var first = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);
        _site.Reporter.Phases.Clear();

        var second = await ArchivedServer.RecoverAsync(_site, selected, _restoreId);

        (second.Point, second.PlainSize, second.Downloaded).ShouldBe((first.Point, first.PlainSize, first.Downloaded));
        _site.Reporter.Phases.ShouldBeEmpty();
    }

    [Fact]
    public async Task Recover_DatabaseDidNotExistThen_SaysSo()
    {
        var selected = await ArchivedServer.SelectAsync(_site, new WantedPoint(server.Before.At, Lsn: null), ArchivedServer.LaterDatabase);

        var sentence = await ArchivedServer.RecoverAsync(_site, selected, _restoreId).ShouldFailWithAsync(ErrorCodes.DatabaseUnknown);

        sentence.ShouldContain($"Database '{ArchivedServer.LaterDatabase}' does not exist at ");
    }

    [Fact]
    public async Task Discard_AfterAnInterruption_LeavesNothing()
    {
        var selected = await ArchivedServer.SelectAsync(_site, Latest);
        await InterruptAsync(selected, "dump");
        Directory.Exists(ServerFolder).ShouldBeTrue();

        await new DiscardRestoreJob(_site.Environment).RunAsync(new DiscardRestoreParameters(_restoreId), CancellationToken.None);
        await new DiscardRestoreJob(_site.Environment).RunAsync(new DiscardRestoreParameters(_restoreId), CancellationToken.None);

        Directory.Exists(WorkFolder).ShouldBeFalse();
    }

    private string WorkFolder => Path.Combine(_site.Site.WorkFolder, "restores", _restoreId);

    private string ServerFolder => Directory.GetDirectories(WorkFolder, "server-*").ShouldHaveSingleItem();

    private async Task InterruptAsync(SelectBackupResult selected, string phase)
    {
        using var stop = new CancellationTokenSource();
        _site.Reporter.OnPhase = begun =>
        {
            if (begun == phase)
            {
                stop.Cancel();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => ArchivedServer.RecoverAsync(_site, selected, _restoreId, stop.Token));
        _site.Reporter.OnPhase = static _ => { };
    }

    /// <summary>The isolated server's files hold every database of the server.</summary>
    private void NothingIsLeft()
    {
        Directory.GetDirectories(WorkFolder, "server-*").ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(_site.Site.WorkFolder, "dumps")).ShouldBeEmpty();
    }
}
