using System.Globalization;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>Processes by their id, of those that the soak itself has started.</summary>
internal static partial class KillableProcess
{
    private const int Sigkill = 9;
    private const int Sigstop = 19;

    public static void Kill(int id) => _ = Send(id, Sigkill);

    /// <summary>The process, and all that it started: gone when this returns.</summary>
    public static async Task KillWithChildrenAsync(int id)
    {
        // Stopped first, so that it starts no further one meanwhile.
        _ = Send(id, Sigstop);
        int[] all = [.. ChildrenOf(id), id];
        foreach (var each in all)
        {
            Kill(each);
        }

        // A zombie that nobody has reaped yet still counts as running for whoever looks at its id.
        await Until.TrueAsync(() => !all.Any(each => Directory.Exists($"/proc/{each.ToString(CultureInfo.InvariantCulture)}")), "the killed processes are gone");
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
