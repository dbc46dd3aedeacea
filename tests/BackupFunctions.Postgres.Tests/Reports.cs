namespace BackupFunctions.Postgres.Tests;

/// <summary>Keeps what is reported, at once and in order (Progress of the framework posts it later).</summary>
internal sealed class Reports<T> : IProgress<T>
{
    public List<T> All { get; } = [];

    public void Report(T value)
    {
        lock (All)
        {
            All.Add(value);
        }
    }
}
