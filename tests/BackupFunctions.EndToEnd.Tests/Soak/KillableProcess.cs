using System.Globalization;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>Processes by their id, of those that the soak itself has started.</summary>
internal static partial class KillableProcess
{
    private const int Sigkill = 9;

    public static void Kill(int id) => _ = Send(id, Sigkill);

    /// <summary>The process, and all that it started: gone when this returns.</summary>
    public static async Task KillWithChildrenAsync(int id)
    {
        int[] all = [id, .. ChildrenOf(id)];
        foreach (var each in all)
        {
            Kill(each);
        }

        while (all.Any(IsAlive))
        {
            await Task.Delay(10);
        }
    }

    public static bool IsAlive(int id) => StateAndParent(id) is { State: not 'Z' };

    private static IEnumerable<int> ChildrenOf(int id) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var child) ? child : 0)
        .Where(child => child > 0 && StateAndParent(child)?.Parent == id);

    private static (char State, int Parent)? StateAndParent(int id)
    {
        try
        {
            // The program's name stands in parentheses and may hold anything.
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int id, int signal);
}
