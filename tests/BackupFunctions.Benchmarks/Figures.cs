using System.Globalization;

namespace BackupFunctions.Benchmarks;

/// <summary>What a measurement with several figures prints: a name and a number a line.</summary>
internal static class Figures
{
    public static void Print(string name, double value) => Console.WriteLine($"{name} {value.ToString("F3", CultureInfo.InvariantCulture)}");
}
