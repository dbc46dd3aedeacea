using BackupFunctions.Jobs.BaseBackup;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class ObjectPipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Rent_AsManyBlocksAsThereMayBe_WaitsForOneToComeBack()
    {
        await using var pipeline = new ObjectPipeline(2, CancellationToken.None);
        var blocks = new Stack<byte[]>();
        for (var i = 0; i < ObjectPipeline.MostBlocks; i++)
        {
            blocks.Push(await pipeline.RentAsync().WaitAsync(Patience));
        }

        var next = pipeline.RentAsync();
        next.IsCompleted.ShouldBeFalse();
        pipeline.Return(blocks.Pop());

        (await next.WaitAsync(Patience)).Length.ShouldBeGreaterThanOrEqualTo(ObjectPipeline.BlockSize);
    }

    [Fact]
    public async Task Start_AsManyObjectsAsProcessors_WaitsForOneToEnd()
    {
        await using var pipeline = new ObjectPipeline(2, CancellationToken.None);
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        await pipeline.StartAsync(_ => first.Task);
        await pipeline.StartAsync(_ => second.Task);

        var third = pipeline.StartAsync(_ => Task.CompletedTask);
        third.IsCompleted.ShouldBeFalse();
        first.SetResult();

        await third.WaitAsync(Patience);
        second.SetResult();
        await pipeline.FinishAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Failure_OfOneObject_EndsTheOthersAndIsWhatEveryCallThrows()
    {
        await using var pipeline = new ObjectPipeline(2, CancellationToken.None);
        var ended = new TaskCompletionSource();
        await pipeline.StartAsync(async token =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.SetResult();
            }
        });
        await pipeline.StartAsync(_ => throw new InvalidOperationException("the cause"));

        await ended.Task.WaitAsync(Patience);

        foreach (var call in new Func<Task>[] { pipeline.RentAsync, () => pipeline.StartAsync(_ => Task.CompletedTask), pipeline.FinishAsync })
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => call().WaitAsync(Patience))).Message.ShouldBe("the cause");
        }
    }
}
