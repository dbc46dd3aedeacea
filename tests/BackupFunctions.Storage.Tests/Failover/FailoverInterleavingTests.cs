using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.Failover;

/// <summary>Random delays and failures of three targets, races and switches all over: the bytes are the object's, and nothing stays open.</summary>
public sealed class FailoverInterleavingTests : IDisposable
{
    private readonly LocalTargets _targets = new();

    public void Dispose() => _targets.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Object_ReadFromTargetsThatStumble_IsRight(int run)
    {
        for (var round = 0; round < 40; round++)
        {
            var random = new Random((run * 1000) + round);
            var content = Bytes.Random(random.Next(0, 900_000), random.Next());
            var key = $"object/{run}/{round}";
            await _targets.PutEverywhereAsync(key, content);
            await ReadAsync(key, content, random);
        }
    }

    private async Task ReadAsync(string key, byte[] content, Random random)
    {
        var sound = random.Next(3);
        for (var index = 0; index < 3; index++)
        {
            Stumble((FaultyTarget)_targets.All[index], fails: index != sound, content.Length, new Random(random.Next()));
        }

        var events = new List<FailoverEvent>();
        var options = new FailoverReaderOptions
        {
            StallTimeout = TimeSpan.FromMinutes(5),
            HedgeDelay = TimeSpan.FromMilliseconds(1),
            SlowWindow = TimeSpan.FromMilliseconds(random.Next(1, 20)),
            SlowestRate = random.Next(2) == 0 ? 0 : 50_000_000,
            OnFailover = events.Add,
        };
        var reader = new FailoverReader(_targets.All, options, NullLogger.Instance);
        await using (var stream = await reader.OpenAsync(key, content.Length, CancellationToken.None))
        {
            (await ReadInPortionsAsync(stream, content.Length, random)).ShouldEqual(content);
        }

        reader.BytesByTarget.Values.Sum().ShouldBe(content.Length);
        events.Select(switched => switched.Offset).ShouldBeInOrder();
        events.ShouldAllBe(switched => switched.Key == key && switched.Offset <= content.Length && switched.Cause.Length > 0);
        await Until.TrueAsync(() => _targets.All.Cast<FaultyTarget>().All(target => target.OpenStreams == 0));
    }

    private static async Task<byte[]> ReadInPortionsAsync(FailoverStream stream, int size, Random random)
    {
        using var all = new MemoryStream(size);
        var buffer = new byte[400_000];
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)))) > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static void Stumble(FaultyTarget target, bool fails, int size, Random random)
    {
        var fault = fails ? random.Next(5) : -1;
        target.OnOpen = fault == 0 ? LocalTargets.Unreachable(target.Name) : null;
        target.ReadLimit = fault is 1 or 2 ? random.Next(0, size + 1) : long.MaxValue;
        target.AtLimit = fault == 1 ? LocalTargets.Unreachable(target.Name) : null;
        target.MostPerRead = random.Next(3) == 0 ? random.Next(20_000, 100_000) : int.MaxValue;
        target.OpenWaitsFor = random.Next(3) == 0 ? Task.Delay(random.Next(0, 6)) : Task.CompletedTask;
        var lazy = random.Next(2) == 0;
        target.BeforeRead = async _ =>
        {
            int wait;
            bool breaks;
            lock (random)
            {
                wait = lazy && random.Next(3) == 0 ? random.Next(0, 6) : -1;
                breaks = fault == 3 && random.Next(6) == 0;
            }

            await (wait >= 0 ? Task.Delay(wait) : Task.CompletedTask);
            if (breaks)
            {
                throw new IOException("reset");
            }
        };
    }
}
