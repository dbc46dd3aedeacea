using System.Text;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>
/// A segment in the middle of the log is missing, damaged or forged, on every target: each has its own sentence, and no recovery gives a
/// shorter history. Rows of docs/047-faults.md.
/// </summary>
public sealed class ForgedLogTests(LogSite site) : IClassFixture<LogSite>, IAsyncLifetime, IDisposable
{
    private static readonly Dictionary<string, Func<LogSite, Task>> Faults = new(StringComparer.Ordinal)
    {
        ["missing"] = Now(log => log.Remove(log.Middle)),
        ["zeroed"] = Now(log => log.Replace(log.Middle, bytes => new byte[bytes.Length])),
        ["truncated"] = Now(log => log.Replace(log.Middle, bytes => bytes[..(bytes.Length / 2)])),
        ["empty"] = Now(log => log.Replace(log.Middle, _ => [])),
        ["flipped"] = Now(log => log.Replace(log.Middle, bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)])),
        ["other cluster's folder"] = async log =>
        {
            log.Remove(log.Middle);
            var epoch = await log.ForgeAsync(log.Other.Segment, system: log.Other.System);
            log.Put(StorageKeys.WalEpoch(BackupSite.Cluster, log.System, epoch.EpochId), await File.ReadAllBytesAsync(log.Files(epoch.EpochId + ".json")[0]));
            log.Put(StorageKeys.WalEpochSignature(BackupSite.Cluster, log.System, epoch.EpochId), await File.ReadAllBytesAsync(log.Files(epoch.EpochId + ".sig")[0]));
        },
        ["other cluster's bytes"] = Now(log => log.Replace(log.Middle, bytes => log.Other.Segment[..bytes.Length])),
        ["other cluster's log, authentic"] = log => InPlaceAsync(log, log.Other.Segment),
        ["zeros, authentic"] = log => InPlaceAsync(log, new byte[WalSite.SegmentSize]),
        ["other segment, authentic"] = log => InPlaceAsync(log, Elsewhere(log)),
        ["short, authentic"] = log => InPlaceAsync(log, log.MiddleBytes[..(WalSite.SegmentSize / 2)]),
        ["zeros behind the first header, authentic"] = log => InPlaceAsync(log, MostlyZeros(log)),
        ["two authentic"] = log => log.ForgeAsync(MostlyZeros(log)),
        ["never archived by its epoch"] = async log =>
        {
            log.Remove(log.Middle);
            await log.PutWithOwnKeyAsync(MostlyZeros(log));
        },
        ["stranger's epoch"] = async log =>
        {
            log.Remove(log.Middle);
            using var stranger = log.Stranger();
            await log.ForgeAsync(log.MiddleBytes, stranger);
        },
        ["stranger's epoch in another's name"] = async log =>
        {
            log.Remove(log.Middle);
            using var stranger = log.Stranger();
            var epoch = await log.ForgeAsync(log.MiddleBytes, stranger);
            var json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(log.Files(epoch.EpochId + ".json")[0]))
                .Replace(stranger.KeyId, log.Epoch.SignedBy, StringComparison.Ordinal));
            log.Put(StorageKeys.WalEpoch(BackupSite.Cluster, log.System, epoch.EpochId), json);
            log.Put(StorageKeys.WalEpochSignature(BackupSite.Cluster, log.System, epoch.EpochId), stranger.Sign(json));
        },
        ["epoch signed again"] = async log =>
        {
            using var stranger = log.Stranger();
            var document = WalEpochCodec.Write(log.Epoch with { SignedBy = stranger.KeyId }, stranger);
            log.Put(StorageKeys.WalEpoch(BackupSite.Cluster, log.System, log.Epoch.EpochId), document.Json);
            log.Put(StorageKeys.WalEpochSignature(BackupSite.Cluster, log.System, log.Epoch.EpochId), document.Signature);
            await Task.CompletedTask;
        },
        ["no epoch"] = Now(log => log.Remove(log.Epoch.EpochId)),
        ["another timeline's epoch"] = async log =>
        {
            log.Remove(log.Middle);
            await log.ForgeAsync(log.MiddleBytes, timeline: 2);
        },
    };

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(5));

    public Task InitializeAsync() => site.RestoreAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _patience.Dispose();

    [Theory]
    [InlineData("missing", ErrorCodes.WalMissing, "is missing on every target although log behind it was archived")]
    [InlineData("zeroed", ErrorCodes.ObjectDamaged, "header")]
    [InlineData("truncated", ErrorCodes.ObjectDamaged, "were archived)")]
    [InlineData("empty", ErrorCodes.ObjectDamaged, "(it has 0 bytes, and ")]
    [InlineData("flipped", ErrorCodes.ObjectDamaged, "does not match its tag")]
    [InlineData("other cluster's folder", ErrorCodes.ManifestAltered, "it belongs to server {other}, not {own}")]
    [InlineData("other cluster's bytes", ErrorCodes.ObjectDamaged, "is what was archived")]
    [InlineData("other cluster's log, authentic", ErrorCodes.WalMissing, "is authentic and holds the log of another server ({other})")]
    [InlineData("zeros, authentic", ErrorCodes.WalMissing, "is authentic and holds zeros in place of log")]
    [InlineData("other segment, authentic", ErrorCodes.WalMissing, "is authentic and holds the log from 0/1000000 on")]
    [InlineData("short, authentic", ErrorCodes.ObjectDamaged, "does not hold what its name says")]
    [InlineData("two authentic", ErrorCodes.WalMissing, "both open with keys of signed epochs and hold different log")]
    [InlineData("never archived by its epoch", ErrorCodes.WalMissing, "is not what its receiver archived")]
    [InlineData("stranger's epoch", ErrorCodes.SignerUnknown, "which is not pinned here")]
    [InlineData("stranger's epoch in another's name", ErrorCodes.ManifestAltered, "its signature does not fit its bytes")]
    [InlineData("epoch signed again", ErrorCodes.SignerUnknown, "which is not pinned here")]
    [InlineData("no epoch", ErrorCodes.WalMissing, "it was removed, or the log is forged")]
    [InlineData("another timeline's epoch", ErrorCodes.WalMissing, "which archived timeline 2 only: it is forged")]
    public async Task Fetch_SegmentInTheMiddle_IsRefusedWithItsOwnSentence(string fault, string code, string sentence)
    {
        await Faults[fault](site);

        var failure = await Should.ThrowAsync<PgdrException>(() => WalFetch.RunAsync(site.Site.Jobs.Environment, site.System, site.Middle, site.NewPath(), _patience.Token));

        failure.Code.ShouldBe(code);
        failure.Message.ShouldContain(sentence.Replace("{other}", site.Other.System, StringComparison.Ordinal).Replace("{own}", site.System, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing", "The log has a hole at {start} of timeline 1: that is the newest point that can be reached")]
    [InlineData("zeroed", "recover to a point before {middle}")]
    [InlineData("zeros behind the first header, authentic", "it is damaged there. The newest point that can be reached is")]
    [InlineData("two authentic", "neither is taken. Recover to a point before {middle}")]
    public async Task Recover_SegmentInTheMiddle_IsNeverAShorterHistory(string fault, string sentence)
    {
        await Faults[fault](site);
        var path = site.NewPath();

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(path));

        failure.Message.ShouldContain(sentence.Replace("{start}", Lsn.Format(site.MiddleStart), StringComparison.Ordinal).Replace("{middle}", site.Middle, StringComparison.Ordinal));
        (!Directory.Exists(path) || File.Exists(Path.Combine(path, "standby.signal"))).ShouldBeTrue("it was not promoted");
    }

    [Fact]
    public async Task Recover_TheEndTakenAway_IsRefusedAndTheNewestPointCanBeReached()
    {
        var objects = await site.Site.ObjectsAsync("a");
        site.Remove(objects[^1].ToString());
        site.Remove(objects[^2].ToString());

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(site.NewPath()));
        var fetch = await Should.ThrowAsync<PgdrException>(() => WalFetch.RunAsync(site.Site.Jobs.Environment, site.System, objects[^2].File, site.NewPath(), _patience.Token));
        var status = await new WalStatusQuery(site.Site.Jobs.Environment).RunAsync(_patience.Token);
        var point = failure.Message.Split("--lsn ")[1].TrimEnd('.');
        var recovered = await RecoverAsync(site.NewPath(), point, exclusive: true);

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldStartWith("The end of the log was taken away: a signed inventory says that it was archived up to ");
        fetch.Code.ShouldBe(ErrorCodes.WalMissing);
        status.Problems.ShouldHaveSingleItem().ShouldContain("although a signed inventory says that it was archived");
        status.Servers.ShouldHaveSingleItem().Holes.ShouldHaveSingleItem().IsEnd.ShouldBeTrue();
        Lsn.Parse(recovered.ReachedLsn).ShouldBe(Lsn.Parse(point));
    }

    [Fact]
    public async Task Recover_OnlyAShorterBeginningOfTheLastSegmentIsLeft_IsRefused()
    {
        var last = (await site.Site.ObjectsAsync("a"))[^1];
        last.Form.ShouldBe(WalForm.Partial);
        var end = last.End!.Value - 0x2000;
        var start = WalSegmentName.StartOf(last.File, WalSite.SegmentSize);
        end.ShouldBeGreaterThan(start);
        site.Replace(last.ToString(), bytes => bytes);
        foreach (var file in site.Files(last.ToString()))
        {
            // Its name alone says how long it is; that it is none of that length shows when it is read.
            File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, WalObjectName.Partial(last.File, end, last.Epoch, last.Hash + new string('0', 32)).ToString()));
        }

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(site.NewPath()));

        failure.Message.ShouldContain($"no target has it behind {Lsn.Format(end)}");
    }

    [Fact]
    public async Task Recover_TheForgerOnlyAddedAnUnlistedSegment_IsAsIfItWereNotThere()
    {
        await site.PutWithOwnKeyAsync(MostlyZeros(site));
        using (var stranger = site.Stranger())
        {
            await site.ForgeAsync(new byte[WalSite.SegmentSize], stranger);
        }

        var recovered = await RecoverAsync(site.NewPath());

        await using var server = await RecoveredServer.StartAsync(site.Site.Server.Binaries, recovered.DataDirectory);
        (await server.RowsAsync("select i::text from t order by i")).ShouldBe(["1", "2", "3", "4", "5", "6"]);
    }

    private static Func<LogSite, Task> Now(Action<LogSite> fault) => log =>
    {
        fault(log);
        return Task.CompletedTask;
    };

    /// <summary>As an honest receiver would that was connected to something else.</summary>
    private static async Task InPlaceAsync(LogSite log, byte[] plain)
    {
        log.Remove(log.Middle);
        await log.ForgeAsync(plain);
    }

    private static byte[] MostlyZeros(LogSite log)
    {
        var bytes = log.MiddleBytes.ToArray();
        bytes.AsSpan(WalPageHeader.Size).Clear();
        return bytes;
    }

    /// <summary>Another segment of the same server.</summary>
    private static byte[] Elsewhere(LogSite log)
    {
        var bytes = log.MiddleBytes.ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(8), 0x1000000UL).ShouldBeTrue();
        return bytes;
    }

    private async Task<RecoverServerResult> RecoverAsync(string path, string? lsn = null, bool exclusive = false)
    {
        var environment = site.Site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        var parameters = new RecoverServerParameters { Server = "main", DataDirectory = path, TargetLsn = lsn, Exclusive = exclusive, RequestedBy = "test" };
        return await new RecoverServerJob(environment, reader).RunAsync(parameters, _patience.Token);
    }
}
