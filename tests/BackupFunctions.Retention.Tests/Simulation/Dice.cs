namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>What happens in one step follows from one number (SplitMix64), so that a history is a list of numbers that shrinks.</summary>
internal sealed class Dice(int seed)
{
    private ulong _state = (ulong)seed;

    public int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }

    public bool Chance(int percent) => Next(100) < percent;

    public T? Pick<T>(IReadOnlyList<T> items)
        where T : class => items.Count == 0 ? null : items[Next(items.Count)];
}
