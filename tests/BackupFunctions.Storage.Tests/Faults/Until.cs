namespace BackupFunctions.Storage.Tests.Faults;

/// <summary>Waits for a condition itself, however slow the machine.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Lets a clock run on until something that waits for it has ended.</summary>
    public static async Task EndedAsync(Task task, Action advance)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!task.IsCompleted)
        {
            advance();
            await Task.WhenAny(task, Task.Delay(5, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }

        await task;
    }
}
