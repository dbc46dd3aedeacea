namespace BackupFunctions.Jobs;

/// <summary>Progress passed on at once, on the caller's thread; <see cref="Progress{T}"/> would post it elsewhere and out of order.</summary>
internal sealed class DelegateProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
