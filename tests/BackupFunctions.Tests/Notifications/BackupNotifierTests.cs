using System.Collections.Concurrent;
using System.Net;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Notifications;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Notifications;

public sealed class BackupNotifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Of one attempt.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly BackupNotification Notification = new("Ops", new BackupNotice
    {
        InstanceId = "instance",
        Kind = ManualBackupKind.Base,
        Server = "main",
        Status = ManualBackupOutcome.Verified,
        BackupId = "backup",
        StartedAt = Now.AddSeconds(-90),
        EndedAt = Now,
        DurationSeconds = 90,
    });

    [Fact]
    public async Task Tell_HookTakesIt_PostsTheNoticeOnce()
    {
        var hook = new ScriptedHook(HttpStatusCode.NoContent);

        (await Notifier(hook, new FakeClock(Now)).TellAsync(Notification, CancellationToken.None)).ShouldBeNull();

        hook.Address.ShouldBe(new Uri("https://hooks.example/a?secret=canary"));
        hook.Bodies.ShouldHaveSingleItem().ShouldBe(
            """{"event":"backup.ended","instance_id":"instance","cluster":"main","kind":"BASE","server":"main","status":"VERIFIED","backup_id":"backup","started_at":"2026-11-22T11:58:30+00:00","ended_at":"2026-11-22T12:00:00+00:00","duration_seconds":90}""");
    }

    [Fact]
    public async Task Tell_HookIsAwayForAWhile_IsTriedAgainAtGrowingPauses()
    {
        var clock = new FakeClock(Now);
        var hook = new ScriptedHook(null, HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.OK);

        var telling = Notifier(hook, clock).TellAsync(Notification, CancellationToken.None);
        var pauses = await PausesAsync(clock, telling);

        (await telling).ShouldBeNull();
        pauses.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)]);
        hook.Bodies.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(500, "hooks.example answered 500")]
    [InlineData(null, "hooks.example could not be reached (ConnectionError)")]
    public async Task Tell_HookStaysAway_SaysWhyAfterFiveAttemptsWithoutTheAddress(int? status, string why)
    {
        var clock = new FakeClock(Now);
        var hook = new ScriptedHook((HttpStatusCode?)status);

        var telling = Notifier(hook, clock).TellAsync(Notification, CancellationToken.None);
        await PausesAsync(clock, telling);

        (await telling).ShouldBe($"Hook Ops was not told of the end: {why}.");
        hook.Bodies.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Tell_HookRefuses_IsNotTriedAgain(int status)
    {
        var hook = new ScriptedHook((HttpStatusCode)status);

        (await Notifier(hook, new FakeClock(Now)).TellAsync(Notification, CancellationToken.None)).ShouldBe($"Hook Ops was not told of the end: hooks.example answered {status}.");

        hook.Bodies.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Tell_HookNeverAnswers_GivesUp()
    {
        var clock = new FakeClock(Now);
        var hook = new ScriptedHook(silent: true, HttpStatusCode.OK);

        var telling = Notifier(hook, clock).TellAsync(Notification, CancellationToken.None);
        await PausesAsync(clock, telling, silent: true);

        (await telling).ShouldBe("Hook Ops was not told of the end: hooks.example did not answer within 10 s.");
        hook.Bodies.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Tell_HostStops_IsNotTakenForAnAnswer()
    {
        using var stopping = new CancellationTokenSource();
        var hook = new ScriptedHook(silent: true, HttpStatusCode.OK);
        var telling = Notifier(hook, new FakeClock(Now)).TellAsync(Notification, stopping.Token);
        await hook.Asked.WaitAsync(TimeSpan.FromSeconds(60));

        await stopping.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(telling);
    }

    [Theory]
    [InlineData("Ops", "NotifyHooks__Ops")]
    [InlineData("default", "BACKUP_NOTIFY_URL")]
    public async Task Tell_HookIsGone_NamesItsSetting(string name, string setting)
    {
        var notifier = new BackupNotifier(Given.Settings(), new ScriptedHook(HttpStatusCode.OK), new FakeClock(Now));

        (await notifier.TellAsync(Notification with { Hook = name }, CancellationToken.None)).ShouldBe(
            $"Hook {name} was not told of the end: it is not configured any more, set {setting}.");
    }

    private static BackupNotifier Notifier(ScriptedHook hook, TimeProvider time) =>
        new(Given.Settings(("NotifyHooks:ops", "https://hooks.example/a?secret=canary")), hook, time);

    /// <summary>Lets the pauses between attempts pass, each once it has begun.</summary>
    /// <param name="clock">Of the notifier.</param>
    /// <param name="telling">Ends the watching.</param>
    /// <param name="silent">The limit of each attempt passes, too: nobody answers.</param>
    private static async Task<List<TimeSpan>> PausesAsync(FakeClock clock, Task telling, bool silent = false)
    {
        var pauses = new List<TimeSpan>();
        while (true)
        {
            var next = clock.NextWaitAsync();
            if (await Task.WhenAny(telling, next) == telling)
            {
                return pauses;
            }

            var wait = await next;
            if (wait == Limit)
            {
                clock.Advance(silent ? wait : TimeSpan.Zero);
            }
            else
            {
                pauses.Add(wait);
                clock.Advance(wait);
            }
        }
    }

    /// <summary>Answers with each status once, the last again and again; null: no connection.</summary>
    private sealed class ScriptedHook(params HttpStatusCode?[] statuses) : HttpMessageHandler, IHttpClientFactory
    {
        private readonly Queue<HttpStatusCode?> _statuses = new(statuses);
        private readonly bool _silent;
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ScriptedHook(bool silent, params HttpStatusCode?[] statuses)
            : this(statuses) => _silent = silent;

        public ConcurrentQueue<string> Bodies { get; } = new();

        public Uri? Address { get; private set; }

        /// <summary>Ends with the first request.</summary>
        public Task Asked => _asked.Task;

        public HttpClient CreateClient(string name)
        {
            name.ShouldBe(BackupNotifier.ClientName);
            return new HttpClient(this, disposeHandler: false);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri;
            request.Content!.Headers.ContentLength.ShouldNotBeNull();
            request.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
            Bodies.Enqueue(await request.Content.ReadAsStringAsync(cancellationToken));
            _asked.TrySetResult();
            if (_silent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return (_statuses.Count > 1 ? _statuses.Dequeue() : _statuses.Peek()) is { } status
                ? new HttpResponseMessage(status)
                : throw new HttpRequestException(HttpRequestError.ConnectionError);
        }
    }
}
