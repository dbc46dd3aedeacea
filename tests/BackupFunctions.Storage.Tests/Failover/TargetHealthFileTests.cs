using System.Text.Json;
using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.Tests.Faults;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.Failover;

/// <summary>Each reader stands for a process of its own.</summary>
public sealed class TargetHealthFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly LocalTargets _targets = new();
    private readonly FakeClock _clock = new(Now);

    private string FilePath => _folder["runs/target-health.json"];

    public void Dispose()
    {
        _targets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Target_ThatFailed_IsTriedLastByTheNextProcessUntilForgotten()
    {
        await _targets.PutEverywhereAsync("object", [1, 2, 3]);
        _targets.R2.OnOpen = LocalTargets.Unreachable("r2");
        (await ReadAsync()).ShouldBe(["b2"]);
        _targets.R2.OnOpen = null;

        _clock.Advance(TimeSpan.FromMinutes(4));
        (await ReadAsync()).ShouldBe(["b2"]);
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await ReadAsync()).ShouldBe(["r2"]);
    }

    [Fact]
    public async Task Target_ThatServedSinceItFailed_IsForgivenByTheNextProcess()
    {
        await _targets.PutEverywhereAsync("object", [1, 2, 3]);
        _targets.R2.OnOpen = LocalTargets.Unreachable("r2");
        await ReadAsync();
        (_targets.R2.OnOpen, _targets.B2.OnOpen, _targets.Local.OnOpen) = (null, LocalTargets.Unreachable("b2"), LocalTargets.Unreachable("local"));
        (await ReadAsync()).ShouldBe(["r2"]);
        (_targets.B2.OnOpen, _targets.Local.OnOpen) = (null, null);

        (await ReadAsync()).ShouldBe(["r2"]);
        Store().ReadFailures().Keys.ShouldBe(["b2", "local"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("{\"r2\": \"yesterday\"}")]
    [InlineData("\0\0\0\0")]
    public async Task DamagedFile_CountsAsEmptyAndIsReplaced(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, content);
        await _targets.PutEverywhereAsync("object", [1]);

        (await ReadAsync()).ShouldBe(["r2"]);
        Store().Failed("r2", Now);

        Store().ReadFailures().ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("r2", Now));
    }

    [Fact]
    public async Task FailureOfTheFuture_IsNoReason()
    {
        await _targets.PutEverywhereAsync("object", [1]);
        Store().Failed("r2", Now.AddHours(1));

        (await ReadAsync()).ShouldBe(["r2"]);
    }

    [Fact]
    public void File_IsPrivateAndHoldsNoFormerTargets()
    {
        Store().Failed("former", Now.AddDays(-2));
        Store().Failed("r2", Now);

        Store().ReadFailures().Keys.ShouldBe(["r2"]);
        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFiles(Path.GetDirectoryName(FilePath)!).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task File_WrittenByManyAtOnce_StaysReadable()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (n, _) =>
        {
            await Task.Yield();
            Store().Failed($"target-{n % 7}", Now);
            JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(await File.ReadAllBytesAsync(FilePath, CancellationToken.None)).ShouldNotBeNull();
            Store().Succeeded($"target-{n % 5}");
        });

        Directory.EnumerateFiles(Path.GetDirectoryName(FilePath)!).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task File_ThatCannotBeWritten_IsALineInTheLog()
    {
        await _targets.PutEverywhereAsync("object", [1]);
        await File.WriteAllTextAsync(_folder["file"], "");
        var log = new LogLines();
        var store = new TargetHealthFile(_folder["file/target-health.json"], log);
        _targets.R2.OnOpen = LocalTargets.Unreachable("r2");

        (await ReadAsync(store)).ShouldBe(["b2"]);

        log.Lines.ShouldContain(line => line.StartsWith("The memory of failed targets in", StringComparison.Ordinal) && line.Contains("cannot be written"));
    }

    private async Task<IReadOnlyList<string>> ReadAsync(ITargetHealthStore? store = null)
    {
        var size = (await _targets.Local.FindAsync("object", CancellationToken.None))!.Size;
        var options = new FailoverReaderOptions { HealthStore = store ?? Store(), Time = _clock, HedgeDelay = TimeSpan.FromMinutes(10) };
        await using var stream = await new FailoverReader(_targets.All, options, NullLogger.Instance).OpenAsync("object", size, CancellationToken.None);
        await stream.AllAsync();
        return stream.TargetsUsed;
    }

    private TargetHealthFile Store() => new(FilePath, NullLogger.Instance);

    private sealed class LogLines : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
