namespace BackupFunctions.JobRunners.Tests.Support;

/// <summary>The system's clock, which tells when somebody began to wait.</summary>
internal sealed class WaitingTimeProvider : TimeProvider
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Waiting => _waiting.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waiting.TrySetResult();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
