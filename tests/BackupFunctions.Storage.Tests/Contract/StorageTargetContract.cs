using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.Contract;

/// <summary>What every storage target keeps to; README.md in this folder lists the cases.</summary>
public abstract class StorageTargetContract : IAsyncLifetime
{
    private const int PartSize = S3TargetOptions.SmallestPartSize;

    protected IStorageTarget Target { get; private set; } = null!;

    public async Task InitializeAsync() => Target = await CreateTargetAsync();

    public Task DisposeAsync()
    {
        (Target as IDisposable)?.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(PartSize - 1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 1)]
    [InlineData(2 * PartSize)]
    [InlineData((2 * PartSize) + 1)]
    public async Task Object_OfAnySize_ReadsAsWritten(int size)
    {
        var content = Bytes.Random(size);

        await Target.PutAsync("cluster/backups/b1/data", content);

        (await Target.GetAsync("cluster/backups/b1/data")).ShouldEqual(content);
        (await Target.FindAsync("cluster/backups/b1/data", CancellationToken.None))!.Size.ShouldBe(size);
    }

    [Fact]
    public async Task LargeObject_WrittenInOddPortions_ReadsAsWritten()
    {
        var content = Bytes.Random(50 * 1024 * 1024);

        await Target.PutAsync("large", content, portion: 777_777);

        (await Target.GetAsync("large")).ShouldEqual(content);
    }

    [Fact]
    public async Task WriteBuffer_ReusedAfterTheCall_DoesNotChangeTheObject()
    {
        var buffer = Bytes.Random(PartSize + 100);
        var expected = buffer.ToArray();
        await using (var writer = await Target.CreateAsync("reused", CancellationToken.None))
        {
            await writer.WriteAsync(buffer, CancellationToken.None);
            Array.Clear(buffer);
            await writer.CompleteAsync(CancellationToken.None);
        }

        (await Target.GetAsync("reused")).ShouldEqual(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(PartSize - 1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 9)]
    [InlineData(PartSize + 10)]
    [InlineData(PartSize + 1_000)]
    public async Task Read_FromAnOffset_GivesTheRest(int offset)
    {
        var content = Bytes.Random(PartSize + 10);
        await Target.PutAsync("ranged", content);

        (await Target.GetAsync("ranged", offset)).ShouldEqual(content.AsSpan(Math.Min(offset, content.Length)));
    }

    [Fact]
    public async Task Read_OfAbsentObject_SaysAbsent()
    {
        await Target.PutAsync("folder/other", [1]);

        (await CodeAsync(() => Target.OpenReadAsync("missing", 0, CancellationToken.None))).ShouldBe(ErrorCodes.ObjectAbsent);
        (await CodeAsync(() => Target.OpenReadAsync("folder", 0, CancellationToken.None))).ShouldBe(ErrorCodes.ObjectAbsent);
        (await CodeAsync(() => Target.OpenReadAsync("folder/none/deep", 5, CancellationToken.None))).ShouldBe(ErrorCodes.ObjectAbsent);
    }

    [Fact]
    public async Task Find_OfAbsentObject_IsNull()
    {
        await Target.PutAsync("folder/other", [1]);

        (await Target.FindAsync("missing", CancellationToken.None)).ShouldBeNull();
        (await Target.FindAsync("folder", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Find_GivesKeySizeAndTime()
    {
        await Target.PutAsync("a/b.json", [1, 2, 3]);

        var found = (await Target.FindAsync("a/b.json", CancellationToken.None))!;

        (found.Key, found.Size).ShouldBe(("a/b.json", 3));
        found.LastModified.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task List_IsInOrdinalOrderOfWholeKeys()
    {
        string[] keys = ["a-b", "a.json", "a/b.x/c", "a/b/c", "a/b-", "a0", "B", "a/z/1"];
        foreach (var key in keys)
        {
            await Target.PutAsync(key, [7]);
        }

        var listed = await Target.ListAsync("", CancellationToken.None).AllAsync();

        listed.Select(found => found.Key).ShouldBe(keys.Order(StringComparer.Ordinal));
        listed.ShouldAllBe(found => found.Size == 1);
    }

    [Theory]
    [InlineData("a/", "a/b.x/c,a/b/c")]
    [InlineData("a/b", "a/b.x/c,a/b/c")]
    [InlineData("a/b/", "a/b/c")]
    [InlineData("a", "a-b,a/b.x/c,a/b/c")]
    [InlineData("none/", "")]
    public async Task List_OfAPrefix_GivesKeysThatBeginWithIt(string prefix, string expected)
    {
        foreach (var key in new[] { "a/b/c", "a/b.x/c", "a-b", "c" })
        {
            await Target.PutAsync(key, [7]);
        }

        var listed = await Target.ListAsync(prefix, CancellationToken.None).AllAsync();

        string.Join(',', listed.Select(found => found.Key)).ShouldBe(expected);
    }

    [Fact]
    public async Task List_OfMoreThanOnePage_IsComplete()
    {
        var keys = Enumerable.Range(0, 1_050).Select(n => $"many/{n:D5}").ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, _) => await Target.PutAsync(key, [1]));

        var listed = await Target.ListAsync("many/", CancellationToken.None).AllAsync();

        listed.Select(found => found.Key).ShouldBe(keys);
    }

    [Fact]
    public async Task ListFolders_GivesNamesOneLevelBelow()
    {
        foreach (var key in new[] { "c/backups/1/manifest", "c/backups/2/data/x", "c/backups/file", "c/wal/1" })
        {
            await Target.PutAsync(key, [7]);
        }

        (await Target.ListFoldersAsync("c/backups/", CancellationToken.None).AllAsync()).ShouldBe(["1", "2"]);
        (await Target.ListFoldersAsync("", CancellationToken.None).AllAsync()).ShouldBe(["c"]);
        (await Target.ListFoldersAsync("none/", CancellationToken.None).AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_RemovesTheObjectAndSucceedsAgain()
    {
        await Target.PutAsync("keep", [1]);
        await Target.PutAsync("x/y/z", [1]);

        await Target.DeleteAsync("x/y/z", CancellationToken.None);
        await Target.DeleteAsync("x/y/z", CancellationToken.None);

        (await Target.FindAsync("x/y/z", CancellationToken.None)).ShouldBeNull();
        (await Target.ListFoldersAsync("", CancellationToken.None).AllAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10)]
    [InlineData((2 * PartSize) + 10)]
    public async Task Writer_DisposedBeforeCompletion_LeavesNothing(int size)
    {
        await Target.PutAsync("other", [1]);
        await using (var writer = await Target.CreateAsync("aborted", CancellationToken.None))
        {
            await writer.WriteAsync(Bytes.Random(size), CancellationToken.None);
            (await Target.FindAsync("aborted", CancellationToken.None)).ShouldBeNull();
        }

        (await Target.FindAsync("aborted", CancellationToken.None)).ShouldBeNull();
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Writer_Canceled_LeavesNothing()
    {
        await Target.PutAsync("other", [1]);
        using var canceled = new CancellationTokenSource();
        await using (var writer = await Target.CreateAsync("canceled", CancellationToken.None))
        {
            await writer.WriteAsync(Bytes.Random(PartSize + 10), CancellationToken.None);
            await canceled.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => writer.CompleteAsync(canceled.Token));
        }

        (await Target.FindAsync("canceled", CancellationToken.None)).ShouldBeNull();
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Object_WrittenAgainWithTheSameBytes_Succeeds()
    {
        var content = Bytes.Random(PartSize + 10);
        await Target.PutAsync("twice", content);

        await Target.PutAsync("twice", content);

        (await Target.GetAsync("twice")).ShouldEqual(content);
        (await UnfinishedAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PartSize - 10)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 10)]
    public async Task Object_WrittenAgainWithOtherBytes_IsRefusedAndKept(int size)
    {
        var content = Bytes.Random(PartSize, seed: 1);
        await Target.PutAsync("immutable", content);

        (await CodeAsync(() => Target.PutAsync("immutable", Bytes.Random(size, seed: 2)))).ShouldBe(ErrorCodes.ObjectDamaged);

        (await Target.GetAsync("immutable")).ShouldEqual(content);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(PartSize + 10)]
    public async Task TwoWriters_OfTheSameObject_BothSucceed(int size)
    {
        var content = Bytes.Random(size);
        await using var first = await BegunAsync("raced", content);
        await using var second = await BegunAsync("raced", content);

        await first.CompleteAsync(CancellationToken.None);
        await second.CompleteAsync(CancellationToken.None);

        (await Target.GetAsync("raced")).ShouldEqual(content);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(PartSize + 10)]
    public async Task TwoWriters_OfOneKey_LeaveOneWholeObject(int size)
    {
        var content = Bytes.Random(size, seed: 1);
        var other = Bytes.Random(size, seed: 2);
        await using var first = await BegunAsync("contested", content);
        await using var second = await BegunAsync("contested", other);
        await first.CompleteAsync(CancellationToken.None);

        if (RefusesToReplace(size))
        {
            (await CodeAsync(() => second.CompleteAsync(CancellationToken.None))).ShouldBe(ErrorCodes.ObjectDamaged);
            (await Target.GetAsync("contested")).ShouldEqual(content);
        }
        else
        {
            await second.CompleteAsync(CancellationToken.None);
            (await Target.GetAsync("contested")).ShouldEqual(other);
        }
    }

    [Fact]
    public async Task SeveralObjects_WrittenAtTheSameTime_ReadAsWritten()
    {
        var contents = Enumerable.Range(1, 4).ToDictionary(n => $"parallel/{n}", n => Bytes.Random(PartSize + n, n), StringComparer.Ordinal);

        await Task.WhenAll(contents.Select(content => Target.PutAsync(content.Key, content.Value)));

        foreach (var (key, content) in contents)
        {
            (await Target.GetAsync(key)).ShouldEqual(content);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/absolute")]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a%2e%2e/b")]
    [InlineData("ünicode")]
    [InlineData(".uploading/x")]
    [InlineData("a/NUL.txt")]
    public async Task Key_ThatCouldLeaveTheTarget_IsRefusedByEveryCall(string key)
    {
        (await CodeAsync(() => Target.CreateAsync(key, CancellationToken.None))).ShouldBe(ErrorCodes.TargetRefused);
        (await CodeAsync(() => Target.OpenReadAsync(key, 0, CancellationToken.None))).ShouldBe(ErrorCodes.TargetRefused);
        (await CodeAsync(() => Target.FindAsync(key, CancellationToken.None))).ShouldBe(ErrorCodes.TargetRefused);
        (await CodeAsync(() => Target.DeleteAsync(key, CancellationToken.None))).ShouldBe(ErrorCodes.TargetRefused);
    }

    [Theory]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("a/../")]
    [InlineData("a\\")]
    public async Task Prefix_ThatCouldLeaveTheTarget_IsRefused(string prefix)
    {
        (await CodeAsync(() => Target.ListAsync(prefix, CancellationToken.None).AllAsync())).ShouldBe(ErrorCodes.TargetRefused);
        (await CodeAsync(() => Target.ListFoldersAsync(prefix, CancellationToken.None).AllAsync())).ShouldBe(ErrorCodes.TargetRefused);
    }

    protected abstract Task<IStorageTarget> CreateTargetAsync();

    /// <summary>Whether the store itself keeps the first of two objects that are completed at the same time; where not, the last one stays.</summary>
    protected virtual bool RefusesToReplace(int size) => true;

    /// <summary>Uploads that still take space.</summary>
    protected abstract Task<int> UnfinishedAsync();

    private async Task<IObjectWriter> BegunAsync(string key, byte[] content)
    {
        var writer = await Target.CreateAsync(key, CancellationToken.None);
        await writer.WriteAsync(content, CancellationToken.None);
        return writer;
    }

    protected static async Task<string> CodeAsync(Func<Task> action) => (await Should.ThrowAsync<StorageException>(action)).Code;
}
