using System.Security.Cryptography;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Resume;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.Contract;

/// <summary>What every target keeps to whose copies go on after a crash. Parts are the smallest ones, two under way at once.</summary>
public abstract class ResumableTargetContract : StorageTargetContract
{
    private const int PartSize = S3TargetOptions.SmallestPartSize;

    /// <summary>With two parts under way at most, the fourth begins when two of the first three have reached the target.</summary>
    private const int FourPartsAndAByte = (4 * PartSize) + 1;

    private const int Size = (5 * PartSize) + 10;

    /// <summary>Whether unfinished uploads can be found and freed.</summary>
    protected virtual bool KnowsUnfinished => true;

    private IResumableTarget Resumable => (IResumableTarget)Target;

    [Fact]
    public async Task Copy_InterruptedAndResumed_SendsOnlyTheRest()
    {
        var content = Bytes.Random(Size);
        await InterruptAsync("c/resumed", content, content);
        (await Target.FindAsync("c/resumed", CancellationToken.None)).ShouldBeNull();

        var reused = await CopyAsync("c/resumed", content);

        reused.ShouldBeGreaterThanOrEqualTo(2 * PartSize);
        reused.ShouldBeLessThan(Size);
        (await Target.GetAsync("c/resumed")).ShouldEqual(content);
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Copy_ResumedOverOtherBytes_SendsEverythingThatDiffers()
    {
        var content = Bytes.Random(Size);
        var other = content.ToArray();
        other.AsSpan(3 * PartSize).Fill((byte)~content[3 * PartSize]);
        await InterruptAsync("c/altered", other, expected: content);

        var reused = await CopyAsync("c/altered", content);

        reused.ShouldBeInRange(2 * PartSize, 3 * PartSize);
        (await Target.GetAsync("c/altered")).ShouldEqual(content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 10)]
    public async Task Copy_OfWhatIsThereAlready_SendsNothing(int size)
    {
        var content = Bytes.Random(size);
        await CopyAsync("c/there", content);

        (await CopyAsync("c/there", content)).ShouldBe(size);

        (await Target.GetAsync("c/there")).ShouldEqual(content);
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(PartSize + 10, 0)]
    [InlineData(PartSize + 10, 1)]
    [InlineData(PartSize + 10, -1)]
    public async Task Copy_OfBytesThatAreNotTheExpectedOnes_IsRefusedAndShowsNothing(int size, int longerBy)
    {
        var content = Bytes.Random(size);
        var wrong = Bytes.Random(size + longerBy);
        wrong[^1] ^= 1;

        (await CodeAsync(() => CopyAsync("c/wrong", wrong, Expected(content)))).ShouldBe(ErrorCodes.ObjectDamaged);

        (await Target.FindAsync("c/wrong", CancellationToken.None)).ShouldBeNull();
        await CopyAsync("c/wrong", content);
        (await Target.GetAsync("c/wrong")).ShouldEqual(content);
    }

    [Fact]
    public async Task Copy_OverAnotherObject_IsRefusedAndTheObjectKept()
    {
        var other = Bytes.Random(PartSize + 10, seed: 2);
        await Target.PutAsync("c/taken", other);

        (await CodeAsync(() => CopyAsync("c/taken", Bytes.Random(PartSize + 10)))).ShouldBe(ErrorCodes.ObjectDamaged);

        (await Target.GetAsync("c/taken")).ShouldEqual(other);
    }

    [Fact]
    public async Task TwoCopies_OfTheSameObjectAtOnce_BothSucceed()
    {
        var content = Bytes.Random(Size);
        await using var first = await Resumable.ResumeAsync("c/both", Expected(content), CancellationToken.None);
        await first.WriteAsync(content.AsMemory(0, FourPartsAndAByte), CancellationToken.None);
        await using var second = await Resumable.ResumeAsync("c/both", Expected(content), CancellationToken.None);
        await second.WriteAsync(content.AsMemory(0, PartSize + 1), CancellationToken.None);

        await first.WriteAsync(content.AsMemory(FourPartsAndAByte), CancellationToken.None);
        await first.CompleteAsync(CancellationToken.None);
        (await Target.GetAsync("c/both")).ShouldEqual(content);
        await second.WriteAsync(content.AsMemory(PartSize + 1), CancellationToken.None);
        await second.CompleteAsync(CancellationToken.None);

        (await Target.GetAsync("c/both")).ShouldEqual(content);
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Copy_BesideOneThatSendsOtherBytes_IsNeverWrong()
    {
        var content = Bytes.Random(Size);
        var other = Bytes.Random(Size, seed: 2);
        await using var right = await Resumable.ResumeAsync("c/beside", Expected(content), CancellationToken.None);
        await right.WriteAsync(content.AsMemory(0, FourPartsAndAByte), CancellationToken.None);
        await using var wrong = await Resumable.ResumeAsync("c/beside", Expected(content), CancellationToken.None);
        await wrong.WriteAsync(other.AsMemory(0, FourPartsAndAByte), CancellationToken.None);

        await right.WriteAsync(content.AsMemory(FourPartsAndAByte), CancellationToken.None);
        try
        {
            await right.CompleteAsync(CancellationToken.None);
        }
        catch (StorageException e)
        {
            // A store where the two share their parts: it refuses to join what changed meanwhile.
            e.Code.ShouldBe(ErrorCodes.TargetUnreachable);
            e.Message.ShouldContain("copy it again");
            (await Target.FindAsync("c/beside", CancellationToken.None)).ShouldBeNull();
            await CopyAsync("c/beside", content);
        }

        (await Target.GetAsync("c/beside")).ShouldEqual(content);
    }

    [Fact]
    public async Task AbandonedUploads_BelowAPrefix_AreFreedOnceTheyAreOld()
    {
        var content = Bytes.Random(Size);
        await InterruptAsync("mine/a", content, content);
        await InterruptAsync("mine/deep/b", content, content);
        await InterruptAsync("other/c", content, content);
        var now = TimeProvider.System.GetUtcNow();

        (await Target.AbortAbandonedAsync("mine/", now.AddHours(-1), CancellationToken.None)).ShouldBe(0);
        (await Target.AbortAbandonedAsync("mine/", now.AddHours(1), CancellationToken.None)).ShouldBe(KnowsUnfinished ? 2 : 0);

        (await CopyAsync("mine/a", content) > 0).ShouldBe(!KnowsUnfinished);
        (await CopyAsync("other/c", content)).ShouldBeGreaterThan(0);
    }

    private static ExpectedObject Expected(byte[] content) => new(content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>A copy that ends before the last bytes, as if its process had been killed.</summary>
    private async Task InterruptAsync(string key, byte[] content, byte[] expected)
    {
        await using var writer = await Resumable.ResumeAsync(key, Expected(expected), CancellationToken.None);
        await writer.WriteAsync(content.AsMemory(0, FourPartsAndAByte), CancellationToken.None);
    }

    private Task<long> CopyAsync(string key, byte[] content) => CopyAsync(key, content, Expected(content));

    /// <returns>Bytes that were not sent.</returns>
    private async Task<long> CopyAsync(string key, byte[] content, ExpectedObject expected)
    {
        await using var writer = await Resumable.ResumeAsync(key, expected, CancellationToken.None);
        for (var at = 0; at < content.Length; at += 1_000_003)
        {
            await writer.WriteAsync(content.AsMemory(at, Math.Min(1_000_003, content.Length - at)), CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);
        return writer.ReusedBytes;
    }
}
