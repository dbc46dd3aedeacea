using System.Globalization;

namespace BackupFunctions.Cli.Tests.Support;

/// <summary>What everybody on the machine can see of a process and of those it started (proc(5)).</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<string> CommandLines(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).ToDictionary(id => id, ParentOf);
        return [.. parents.Keys.Where(id => IsBelow(id, root, parents)).Select(id => Read(id, "cmdline").Replace('\0', ' '))];
    }

    private static bool IsBelow(int id, int root, Dictionary<int, int> parents)
    {
        while (id != root && parents.TryGetValue(id, out var parent))
        {
            id = parent;
        }

        return id == root;
    }

    /// <summary>0 when the process is gone.</summary>
    private static int ParentOf(int id)
    {
        // The program's name stands in parentheses and may hold anything.
        var stat = Read(id, "stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
