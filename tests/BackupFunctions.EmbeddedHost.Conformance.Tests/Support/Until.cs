namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>Waits for a condition itself, with patience for a loaded machine.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> isTrue)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isTrue())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    public static Task TrueAsync(Func<bool> isTrue) => TrueAsync(() => Task.FromResult(isTrue()));
}
