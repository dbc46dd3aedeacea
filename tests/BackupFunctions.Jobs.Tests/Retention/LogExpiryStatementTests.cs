using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Wal.Upkeep;

namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>What a statement on expired log says to cleanup and to readers of log, and what one says that nobody signed.</summary>
public sealed class LogExpiryStatementTests : IDisposable
{
    private readonly RetentionSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("forged")]
    [InlineData("unsigned")]
    [InlineData("foreign")]
    public async Task Cleanup_StatementThatNobodySigned_CountsForNothingAndIsNamed(string kind)
    {
        _site.PutHistory();
        var id = BackupIds.New(_site.Clock.GetUtcNow().AddDays(-20));
        var (json, signature) = Statement(id, kind);
        foreach (var target in new[] { "near", "far" })
        {
            _site.Write(target, StorageKeys.WalExpiry(RetentionSite.Cluster, RetentionSite.System, id), json);
            if (kind != "unsigned")
            {
                _site.Write(target, StorageKeys.WalExpirySignature(RetentionSite.Cluster, RetentionSite.System, id), signature);
            }
        }

        var result = (await _site.CleanUpAsync()).Result;

        (result.Success, result.WalDeleted).ShouldBe((false, 0));
        result.Problems.ShouldHaveSingleItem().ShouldStartWith($"Statement {id} on expired log of server {RetentionSite.System} counts for nothing");
        _site.Segments().ShouldBe(LogHistory.Both);
    }

    [Fact]
    public async Task Cleanup_StatementBeforeWasTakenOut_TheGraceBeginsAnew()
    {
        _site.PutHistory();
        await _site.CleanUpAsync();
        var first = Path.ChangeExtension(_site.FilesBelow("near", StorageKeys.WalExpiries(RetentionSite.Cluster, RetentionSite.System))[0], null);

        // The old base is stated to be gone: another statement, which names the first.
        await _site.CleanUpAfterAsync(7);
        _site.PutBase(ageInDays: 100, segment: 1);
        await _site.CleanUpAsync();
        foreach (var target in new[] { "near", "far" })
        {
            File.Delete(_site.PathOf(target, StorageKeys.WalExpiry(RetentionSite.Cluster, RetentionSite.System, first)));
        }

        (await _site.CleanUpAfterAsync(7)).Result.WalDeleted.ShouldBe(0);
        _site.Segments().ShouldBe(LogHistory.Both);
    }

    [Fact]
    public async Task Readers_LogThatRetentionLetGo_IsNoHoleAndIsNotCopiedBack()
    {
        var old = _site.PutHistory().Epochs.Old;
        await _site.CleanUpAsync();
        _site.DeleteSegment("far", 6);

        // Still in its grace, and missing on one target: nobody needs it.
        (await CheckAsync()).ShouldSatisfyAllConditions(check => check.Problems.ShouldBeEmpty(), check => check.Missing.ShouldBe(0), check => check.Copied.ShouldBe(0));
        (await LogAsync(requiredCopies: 2)).UnderCopied.ShouldBe(0);
        await _site.CleanUpAfterAsync(14);

        var log = await LogAsync(requiredCopies: 2);

        log.Ranges.Select(range => (range.Start, range.End)).ShouldBe([(RetentionSite.Position(3), RetentionSite.Position(5)), (RetentionSite.Position(10), RetentionSite.Position(21))]);
        LogHole.Of(log).ShouldBeEmpty();
        log.Doubts.ShouldNotContain(doubt => doubt.Contains(old, StringComparison.Ordinal));
        (await CheckAsync()).Copied.ShouldBe(0);
        _site.Segments().ShouldBe(LogHistory.Needed);
        _site.DeleteSegment("near", 15);
        _site.DeleteSegment("far", 15);
        LogHole.Of(await LogAsync(requiredCopies: 1)).ShouldBe([new LogHole(1, RetentionSite.Position(15), RetentionSite.Position(16), IsEnd: false)]);
    }

    [Fact]
    public async Task Readers_StatementThatNobodySigned_IsNamedAndHidesNoHole()
    {
        _site.PutHistory();
        var id = BackupIds.New(_site.Clock.GetUtcNow());
        var (json, signature) = Statement(id, "forged");
        _site.Write("near", StorageKeys.WalExpiry(RetentionSite.Cluster, RetentionSite.System, id), json);
        _site.Write("near", StorageKeys.WalExpirySignature(RetentionSite.Cluster, RetentionSite.System, id), signature);
        _site.DeleteSegment("near", 6);
        _site.DeleteSegment("far", 6);

        var log = await LogAsync(requiredCopies: 1);

        LogHole.Of(log).Count().ShouldBe(1);
        log.Doubts.ShouldContain(doubt => doubt.StartsWith($"Statement {id} on expired log", StringComparison.Ordinal));
    }

    private Task<StoredLog> LogAsync(int requiredCopies) => StoredLog.ReadAsync(
        RetentionSite.Cluster, RetentionSite.System, _site.Targets, requiredCopies, VerificationKeyRing.FromPems(_site.PublicKey), CancellationToken.None);

    /// <summary>What inventories say is left out: theirs are none.</summary>
    private async Task<LogCheckResult> CheckAsync() => (await new LogCheck(_site.Environment, _site.Targets, VerificationKeyRing.FromPems(_site.PublicKey))
        .RunAsync(new VerifyCopiesParameters("test", Repair: true), CancellationToken.None))!;

    /// <summary>One that names all log as expired.</summary>
    private (byte[] Json, byte[] Signature) Statement(string id, string kind)
    {
        using var stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var key = SigningKey.FromPem(kind == "forged" ? stranger.ExportPkcs8PrivateKeyPem() : _site.PrivateKey);
        var document = WalExpiryCodec.Write(
            new WalExpiry
            {
                Format = WalExpiry.CurrentFormat,
                Cluster = RetentionSite.Cluster,
                SystemIdentifier = kind == "foreign" ? "7301234567890123457" : RetentionSite.System,
                Id = id,
                SegmentSize = RetentionSite.SegmentSize,
                Expired = [new WalExpirySpan(1, "0/0", "1/0")],
                SignedBy = key.KeyId,
            },
            key);
        return (document.Json, document.Signature);
    }
}
