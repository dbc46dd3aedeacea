using System.Security.Cryptography;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.Resume;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Local;

public sealed class LocalResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalTarget _target;
    private readonly byte[] _content = Bytes.Random(1_000_000);

    public LocalResumeTests() => _target = new LocalTarget("local", _folder["root"]);

    private string Uploading => Path.Combine(_folder["root"], ".uploading");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UnfinishedCopy_IsPrivateAndUnseenAndGoneWithItsFoldersOnceItIsFinished()
    {
        await InterruptAsync("c/deep/key");

        var file = Directory.EnumerateFiles(Uploading, "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _target.ListAsync("", CancellationToken.None).AllAsync()).ShouldBeEmpty();

        (await CopyAsync("c/deep/key")).ShouldBe(400_000);
        Directory.EnumerateFileSystemEntries(Uploading).ShouldBeEmpty();
    }

    [Fact]
    public async Task UnfinishedCopy_LongerThanTheObject_IsCutToIt()
    {
        await InterruptAsync("c/key");
        var file = Directory.EnumerateFiles(Uploading, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [.. _content, 1, 2, 3]);

        (await CopyAsync("c/key")).ShouldBe(_content.Length);

        (await _target.GetAsync("c/key")).ShouldEqual(_content);
    }

    [Fact]
    public async Task SecondCopy_WhileTheFirstHasTheFile_WritesItsOwnAndBothAreRight()
    {
        await using var first = await _target.ResumeAsync("c/key", Expected(), CancellationToken.None);
        await first.WriteAsync(_content.AsMemory(0, 500_000), CancellationToken.None);

        (await CopyAsync("c/key")).ShouldBe(0);
        await first.WriteAsync(_content.AsMemory(500_000), CancellationToken.None);
        await first.CompleteAsync(CancellationToken.None);

        (await _target.GetAsync("c/key")).ShouldEqual(_content);
        Directory.EnumerateFileSystemEntries(Uploading).ShouldBeEmpty();
    }

    [Fact]
    public async Task Object_ThatAppearedMeanwhileWithOtherBytes_IsKeptAndNothingIsLeftOver()
    {
        await using var writer = await _target.ResumeAsync("c/key", Expected(), CancellationToken.None);
        await writer.WriteAsync(_content, CancellationToken.None);
        await _target.PutAsync("c/key", [1]);

        (await Should.ThrowAsync<StorageException>(() => writer.CompleteAsync(CancellationToken.None))).Code.ShouldBe(Contracts.ErrorCodes.ObjectDamaged);

        (await _target.GetAsync("c/key")).ShouldBe([1]);
        Directory.EnumerateFileSystemEntries(Uploading).ShouldBeEmpty();
    }

    [Fact]
    public async Task LeftoverOfACopy_ThatSomebodyElseFinished_IsRemovedByTheNext()
    {
        await InterruptAsync("c/key");
        await _target.PutAsync("c/key", _content);

        (await CopyAsync("c/key")).ShouldBe(_content.Length);

        Directory.EnumerateFileSystemEntries(Uploading).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("#/../../../c/kept")]
    [InlineData("kept")]
    public async Task AbortUnfinished_OfWhatIsNoUpload_TouchesNothing(string id)
    {
        await _target.PutAsync("c/kept", [1]);

        await Should.ThrowAsync<ArgumentException>(() => _target.AbortUnfinishedAsync(new UnfinishedUpload("c", id, default), CancellationToken.None));

        (await _target.GetAsync("c/kept")).ShouldBe([1]);
    }

    [Theory]
    [InlineData("ABCDEF")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public void ExpectedHash_ThatIsNone_IsRefused(string sha256) => Should.Throw<ArgumentException>(() => new ExpectedObject(1, sha256));

    private async Task InterruptAsync(string key)
    {
        await using var writer = await _target.ResumeAsync(key, Expected(), CancellationToken.None);
        await writer.WriteAsync(_content.AsMemory(0, 400_000), CancellationToken.None);
    }

    private async Task<long> CopyAsync(string key)
    {
        await using var writer = await _target.ResumeAsync(key, Expected(), CancellationToken.None);
        await writer.WriteAsync(_content, CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
        return writer.ReusedBytes;
    }

    private ExpectedObject Expected() => new(_content.Length, Convert.ToHexStringLower(SHA256.HashData(_content)));
}
