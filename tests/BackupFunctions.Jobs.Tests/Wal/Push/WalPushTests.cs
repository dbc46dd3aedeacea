using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Jobs.Wal.Push;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal.Push;

public sealed class WalPushTests(ArchivingServer server) : IClassFixture<ArchivingServer>, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(3));
    private readonly TemporaryFolder _folder = new();
    private readonly PushSite _site = server.Copy();

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Push_OneOfManyThatWait_ArchivesAllOfThemAndTheNextCallsEndAtOnce()
    {
        var ready = _site.Ready;
        ready.ShouldContain(name => name.EndsWith(".history", StringComparison.Ordinal));
        ready.ShouldContain(name => name.EndsWith(".partial", StringComparison.Ordinal));
        ready.ShouldContain(name => name.EndsWith(".backup", StringComparison.Ordinal));

        var result = await _site.PushAsync(ready[1], cancellationToken: _patience.Token);

        (result.File, result.Pushed).ShouldBe((ready[1], ready.Count));
        result.FailedTargets.ShouldBeEmpty();
        _site.Objects("a").Count.ShouldBe(ready.Count);
        foreach (var target in BackupSite.TargetNames)
        {
            _site.Objects(target).ShouldBe(_site.Objects("a"));
            _site.Jobs.Target(target).FailCreate = _ => throw new InvalidOperationException("nothing is left to write");
        }

        foreach (var file in ready)
        {
            (await _site.PushAsync(file, cancellationToken: _patience.Token)).Pushed.ShouldBe(0);
        }

        Directory.EnumerateFileSystemEntries(Path.Combine(_site.State, "wal")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Push_EveryKindOfFile_ComesBackAsTheServersOwnBytes()
    {
        await _site.PushAsync(_site.First, cancellationToken: _patience.Token);
        using var reader = _site.Reader();

        foreach (var file in _site.Ready)
        {
            var isPartial = file.EndsWith(".partial", StringComparison.Ordinal);
            var name = isPartial ? file[..24] : file;
            var fetched = (await reader.FetchAsync(name, _folder["file"], withPartial: isPartial, _patience.Token)).ShouldNotBeNull(file);
            var length = (int)fetched.Size;
            File.ReadAllBytes(_folder["file"]).AsSpan(0, length).SequenceEqual(File.ReadAllBytes(_site.PathOf(file)).AsSpan(0, length)).ShouldBeTrue(file);
            isPartial.ShouldBe(length < new FileInfo(_site.PathOf(file)).Length, file);
        }

        var targets = _site.Jobs.Environment.OpenTargets();
        var log = await StoredLog.ReadAsync(BackupSite.Cluster, _site.System, targets, requiredCopies: 2, Catalog.Sources.KeyLoader.Verification(_site.Jobs.ReadSettings().Keys), _patience.Token);
        log.Ranges.Select(range => range.Timeline).ShouldBe([1, 2]);
        log.NewestEpoch.Ancestors.ShouldHaveSingleItem().EndLsn.ShouldBe(Lsn.Format(log.Ranges[0].End));
    }

    [Fact]
    public async Task Push_ATouchedFileOfTheSameContent_IsDurableAlready()
    {
        await _site.PushAsync(_site.First, files: 1, _patience.Token);
        File.SetLastWriteTimeUtc(_site.PathOf(_site.First), new DateTime(2026, 11, 21, 1, 2, 3, DateTimeKind.Utc));

        (await _site.PushAsync(_site.First, files: 1, _patience.Token)).Pushed.ShouldBe(0);

        _site.Objects("a").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Push_AnotherContentUnderAnArchivedName_IsRefused()
    {
        await _site.PushAsync(_site.First, files: 1, _patience.Token);
        Flip(_site.PathOf(_site.First), at: 9000);

        var failure = await Should.ThrowAsync<PgdrException>(() => _site.PushAsync(_site.First, files: 1, _patience.Token));

        failure.Code.ShouldBe(ErrorCodes.WalDiffers);
        failure.Message.ShouldContain(_site.First);
        _site.Objects("a").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("truncated", "bytes in place of")]
    [InlineData("zeroed", "does not begin with the header")]
    [InlineData("another server's", "belongs to server")]
    [InlineData("another segment", "another position")]
    public async Task Push_WhatIsNotTheSegmentOfItsName_IsRefused(string fault, string cause)
    {
        var path = _site.PathOf(_site.First);
        switch (fault)
        {
            case "truncated":
                await using (var file = File.OpenWrite(path))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "zeroed":
                await File.WriteAllBytesAsync(path, new byte[WalSite.SegmentSize]);
                break;
            case "another server's":
                Flip(path, at: 24);
                break;
            default:
                File.Copy(_site.PathOf(_site.Ready.Where(WalSegmentName.IsValid).ElementAt(1)), path, overwrite: true);
                break;
        }

        var failure = await Should.ThrowAsync<PgdrException>(() => _site.PushAsync(_site.First, files: 1, _patience.Token));

        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        failure.Message.ShouldContain(cause);
        _site.Objects("a").ShouldBeEmpty();
    }

    [Fact]
    public async Task Push_OneTargetAway_IsDurableAndNamesIt()
    {
        _site.Jobs.Target("b").FailCreate = _ => new StorageException(ErrorCodes.TargetUnreachable, "b", "Target b is away.");

        var result = await _site.PushAsync(_site.First, cancellationToken: _patience.Token);

        result.FailedTargets["b"].ShouldBe("Target b is away.");
        result.Pushed.ShouldBe(_site.Ready.Count);
        _site.Objects("b").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("away")]
    [InlineData("flips")]
    public async Task Push_TooFewCopies_FailsUntilTheyCanBeWritten(string fault)
    {
        foreach (var name in new[] { "a", "b" })
        {
            var target = _site.Jobs.Target(name);
            target.FailCreate = _ => fault == "away" ? new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is away.") : null;
            target.Flips = key => fault == "flips" && !key.Contains("epochs", StringComparison.Ordinal);
        }

        var failure = await Should.ThrowAsync<StorageException>(() => _site.PushAsync(_site.First, files: 1, _patience.Token));
        failure.Code.ShouldBe(ErrorCodes.CopiesMissing);
        foreach (var name in new[] { "a", "b" })
        {
            _site.Jobs.Target(name).FailCreate = _ => null;
            _site.Jobs.Target(name).Flips = _ => false;
        }

        (await _site.PushAsync(_site.First, files: 1, _patience.Token)).Pushed.ShouldBe(1);
    }

    [Fact]
    public async Task Push_AnotherFileFails_IsLeftToItsOwnCall()
    {
        var (first, second) = (_site.First, _site.Ready.Where(WalSegmentName.IsValid).ElementAt(1));
        await File.WriteAllBytesAsync(_site.PathOf(second), [1]);

        var result = await _site.PushAsync(first, cancellationToken: _patience.Token);

        result.Pushed.ShouldBeGreaterThanOrEqualTo(1);
        _site.Objects("a").ShouldNotContain(name => name.File == second);
        (await Should.ThrowAsync<PgdrException>(() => _site.PushAsync(second, cancellationToken: _patience.Token))).Message.ShouldContain("too short");
    }

    [Fact]
    public async Task Push_CallsAtTheSameTime_ArchiveEachFileOnce()
    {
        var ready = _site.Ready;

        await Task.WhenAll(ready.Select(file => Task.Run(() => _site.PushAsync(file, files: 2, _patience.Token))));

        _site.Objects("a").Select(name => name.Form == WalForm.Partial ? name.File + ".partial" : name.File).ShouldBe(ready, ignoreOrder: true);
    }

    [Fact]
    public async Task Push_AStateThatACrashLeftHalfWritten_ArchivesAgain()
    {
        await _site.PushAsync(_site.First, files: 1, _patience.Token);
        var mark = Path.Combine(_site.State, "durable", _site.First);
        await File.WriteAllTextAsync(mark, (await File.ReadAllTextAsync(mark))[..30]);
        await File.WriteAllTextAsync(mark + ".tmp", "half");

        (await _site.PushAsync(_site.First, files: 1, _patience.Token)).Pushed.ShouldBe(1);

        // Twice, and the same: both are taken.
        _site.Objects("a").Count.ShouldBe(2);
        using var reader = _site.Reader();
        (await reader.FetchAsync(_site.First, _folder["file"], withPartial: false, _patience.Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Push_TheStateOfAnotherServer_CountsForNothing()
    {
        await _site.PushAsync(_site.First, files: 1, _patience.Token);
        var mark = Path.Combine(_site.State, "durable", _site.First);
        await File.WriteAllTextAsync(mark, (await File.ReadAllTextAsync(mark)).Replace(_site.System, "7301234567890123456", StringComparison.Ordinal));

        (await _site.PushAsync(_site.First, files: 1, _patience.Token)).Pushed.ShouldBe(1);
    }

    [Fact]
    public async Task Push_Cancelled_LeavesNoMarkOfWhatIsNotDurable()
    {
        using var stop = new CancellationTokenSource();
        _site.Jobs.Target("c").FailCreate = key =>
        {
            if (!key.Contains("epochs", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            return null;
        };

        await Should.ThrowAsync<OperationCanceledException>(() => _site.PushAsync(_site.First, cancellationToken: stop.Token));

        _site.Jobs.Target("c").FailCreate = _ => null;
        var marks = Directory.EnumerateFiles(Path.Combine(_site.State, "durable")).Select(Path.GetFileName).ToList();
        marks.ShouldAllBe(mark => _site.Objects("a").Any(name => name.File == mark || name.File + ".partial" == mark));
        Directory.EnumerateFileSystemEntries(Path.Combine(_site.State, "wal")).ShouldBeEmpty();
        (await _site.PushAsync(_site.First, cancellationToken: _patience.Token)).Pushed.ShouldBe(_site.Ready.Count - marks.Count);
    }

    [Theory]
    [InlineData("pg_wal/xlogtemp.17")]
    [InlineData("postgresql.conf")]
    public async Task Push_WhatIsNoLog_IsRefused(string path) =>
        (await Should.ThrowAsync<PgdrException>(() => WalPush.RunAsync(_site.Jobs.Environment, _site.Data, path, _site.State, new WalPushOptions(), _patience.Token)))
            .Code.ShouldBe(ErrorCodes.InvalidSettings);

    [Fact]
    public async Task Push_OutsideADataDirectory_SaysSo() =>
        (await Should.ThrowAsync<PgdrException>(() => WalPush.RunAsync(_site.Jobs.Environment, _folder.Path, "pg_wal/" + _site.First, _site.State, new WalPushOptions(), _patience.Token)))
            .Message.ShouldContain("--pgdata");

    private static void Flip(string path, int at)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }
}
