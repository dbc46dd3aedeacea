using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Postgres.Recovery.Tablespaces;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Recovery.Tablespaces;

/// <summary>Log that makes a tablespace is replayed where nobody else's files can be.</summary>
public sealed class TablespaceGuardTests(TablespacedServer site) : IClassFixture<TablespacedServer>, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(4));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task PostgresByItself_OnTheMachineOfTheLiveServer_GoesOnInItsDirectory()
    {
        var request = await site.NewRequestAsync(RecoveryTarget.Latest);
        await File.WriteAllTextAsync(Path.Combine(request.DataFolder, "recovery.signal"), string.Empty);
        await File.AppendAllTextAsync(
            Path.Combine(request.DataFolder, "postgresql.conf"),
            $"\nrestore_command = 'cp {site.Archive}/%f %p'\nrecovery_target_action = 'promote'\narchive_mode = off\nlisten_addresses = ''\nunix_socket_directories = '{request.DataFolder}'\n");
        string[] control = [Path.Combine(site.Server.Binaries, "pg_ctl"), "-D", request.DataFolder, "-w", "-t", "120", "-l", Path.Combine(request.DataFolder, "log")];
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "-R", "postgres", request.DataFolder);
            control = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. control];
        }

        await CommandLine.RunAsync(control[0], [.. control[1..], "start"]);
        await CommandLine.RunAsync(control[0], [.. control[1..], "-m", "immediate", "stop"]);

        // Two servers in one directory: this is what the guard is there for.
        Directory.GetFileSystemEntries(Path.Combine(request.DataFolder, "pg_tblspc")).Select(link => new FileInfo(link).LinkTarget).ShouldBe([site.Late]);
    }

    [Fact]
    public async Task Recover_OnTheMachineOfTheLiveServer_IsRefusedWithLocationAndRemedyAndTouchesNothingThere()
    {
        var before = FilesOf(site.Late);
        var request = await site.NewRequestAsync(RecoveryTarget.Latest);
        PgdrException failure;
        await using (var recovery = await PointInTimeRecovery.StartAsync(request, _patience.Token))
        {
            failure = await Should.ThrowAsync<PgdrException>(() => recovery.ReachAsync(TimeProvider.System, _ => { }, _patience.Token));
        }

        failure.Code.ShouldBe(ErrorCodes.TablespacesRefused);
        failure.Message.ShouldContain($"creates a tablespace at {site.Late}, which holds something");
        failure.Message.ShouldMatch("--lsn 0/[0-9A-F]+ --exclusive");
        FilesOf(site.Late).ShouldBe(before);
        Directory.GetFileSystemEntries(Path.Combine(request.DataFolder, "pg_tblspc")).ShouldBeEmpty();
        (await site.Server.ScalarAsync<int>("select i from in_late")).ShouldBe(3);
    }

    [Fact]
    public async Task Recover_ToThePointThatTheRefusalNames_HasAllBeforeIt()
    {
        PgdrException refused;
        await using (var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(RecoveryTarget.Latest), _patience.Token))
        {
            refused = await Should.ThrowAsync<PgdrException>(() => recovery.ReachAsync(TimeProvider.System, _ => { }, _patience.Token));
        }

        var lsn = refused.Message.Split("--lsn ")[1].Split(' ')[0];
        await RowsShouldBeAsync(new RecoveryTarget(RecoveryTargetKind.Lsn, lsn, Inclusive: false), 3);
        await RowsShouldBeAsync(new RecoveryTarget(RecoveryTargetKind.Lsn, site.Before), 3);
    }

    [Fact]
    public async Task Recover_ToAPointBeforeItInTheSameSegment_IsReached()
    {
        await RowsShouldBeAsync(new RecoveryTarget(RecoveryTargetKind.Immediate), 1);
        await RowsShouldBeAsync(RecoveryTarget.At(site.SecondAt), 2);
    }

    [Theory]
    [InlineData("absent", "which is not there")]
    [InlineData("file", "which is not there")]
    [InlineData("inside", "which lies in the new data directory")]
    [InlineData("relative", "which is no absolute path")]
    public async Task Fetch_LocationThatWillNotDo_IsRefused(string kind, string why)
    {
        var folder = await site.NewFolderAsync();
        var request = await site.NewRequestAsync(RecoveryTarget.Latest);
        var location = kind switch
        {
            "absent" => Path.Combine(folder, "nowhere"),
            "file" => Path.Combine(folder, "file"),
            "inside" => Directory.CreateDirectory(Path.Combine(request.DataFolder, "pg_tblspc", "x")).FullName,
            _ => "somewhere/else",
        };
        if (kind == "file")
        {
            await File.WriteAllTextAsync(location, "x");
        }

        (await FetchAsync(request, MadeLog.CreateTablespace(location))).ShouldNotBeNull().Message.ShouldContain(why);
        File.Exists(Path.Combine(request.DataFolder, "fetched")).ShouldBeFalse();
    }

    [Fact]
    public async Task Fetch_LocationThatIsEmptyOrTheRestoresOwnOrInPlace_IsGiven()
    {
        var (empty, own) = (await site.NewFolderAsync(), await site.NewFolderAsync());
        await File.WriteAllTextAsync(Path.Combine(own, "restored"), "x");
        var request = (await site.NewRequestAsync(RecoveryTarget.Latest)) with { TablespaceFolders = [own] };

        (await FetchAsync(request, MadeLog.CreateTablespace(empty))).ShouldBeNull();
        (await FetchAsync(request, MadeLog.CreateTablespace(own))).ShouldBeNull();
        (await FetchAsync(request, MadeLog.CreateTablespace(string.Empty))).ShouldBeNull();
        (await FetchAsync(request, MadeLog.DropTablespace())).ShouldBeNull();
    }

    [Fact]
    public async Task Fetch_ARecordThatCannotBeRead_IsRefused() =>
        (await FetchAsync(await site.NewRequestAsync(RecoveryTarget.Latest), MadeLog.Unreadable())).ShouldNotBeNull().Message.ShouldContain("which cannot be read");

    [Fact]
    public async Task Fetch_TheSameSegmentAgain_IsGivenAlthoughTheDirectoryIsInUseByNow()
    {
        var location = await site.NewFolderAsync();
        var log = MadeLog.CreateTablespace(location);
        var request = (await site.NewRequestAsync(RecoveryTarget.Latest)) with { Log = log };
        var guard = await TablespaceGuard.CreateAsync(request, _patience.Token);
        var destination = Path.Combine(request.DataFolder, "fetched");

        (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();
        await File.WriteAllTextAsync(Path.Combine(location, "PG_15_202209061"), "x");
        (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();

        // By another recovery it is not.
        (await FetchAsync(await site.NewRequestAsync(RecoveryTarget.Latest), log)).ShouldNotBeNull();
    }

    /// <summary>Twice: what may not be replayed is cut off at first.</summary>
    private async Task<PgdrException?> FetchAsync(RecoveryRequest request, MadeLog log)
    {
        var guard = await TablespaceGuard.CreateAsync(request with { Log = log }, _patience.Token);
        var destination = Path.Combine(request.DataFolder, "fetched");
        (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();
        var isWhole = (await File.ReadAllBytesAsync(destination)).AsSpan().SequenceEqual(log.Bytes);
        File.Delete(destination);
        try
        {
            (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();
            isWhole.ShouldBeTrue();
            return null;
        }
        catch (PgdrException e)
        {
            e.Code.ShouldBe(ErrorCodes.TablespacesRefused);
            isWhole.ShouldBeFalse();
            return e;
        }
    }

    [Fact]
    public async Task Fetch_ARecordThatBeganInTheSegmentBefore_IsWithheldAndThenRefused()
    {
        var request = await site.NewRequestAsync(RecoveryTarget.Latest);
        var guard = await TablespaceGuard.CreateAsync(request with { Log = MadeLog.CreateTablespaceAcrossSegments("/nowhere/at/all") }, _patience.Token);
        var destination = Path.Combine(request.DataFolder, "fetched");

        (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();
        (await guard.FetchAsync(MadeLog.NextSegment, destination, _patience.Token)).ShouldBeFalse();
        (await Should.ThrowAsync<PgdrException>(() => guard.FetchAsync(MadeLog.NextSegment, destination, _patience.Token))).Message.ShouldContain("/nowhere/at/all");
        (await guard.FetchAsync(MadeLog.Segment, destination, _patience.Token)).ShouldBeTrue();
    }

    private async Task RowsShouldBeAsync(RecoveryTarget target, long rows)
    {
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(target), _patience.Token);
        await recovery.ReachAsync(TimeProvider.System, _ => { }, _patience.Token);
        await using var connection = await recovery.Connection.OpenAsync("postgres", _patience.Token);
        (await connection.SingleAsync<long>("select count(*) from t", _patience.Token)).ShouldBe(rows);
    }

    private static string[] FilesOf(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")];
}
