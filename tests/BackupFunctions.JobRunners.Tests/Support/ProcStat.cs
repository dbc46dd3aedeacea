using System.Globalization;

namespace BackupFunctions.JobRunners.Tests.Support;

/// <summary>Fields of /proc/PID/stat (proc(5)), numbered as there.</summary>
internal static class ProcStat
{
    public static string Text(int id) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));

    public static char State(int id) => Field(id, 3)[0];

    public static int Session(int id) => int.Parse(Field(id, 6), CultureInfo.InvariantCulture);

    public static long StartTicks(int id) => long.Parse(Field(id, 22), CultureInfo.InvariantCulture);

    private static string Field(int id, int number)
    {
        var text = Text(id);
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[number - 3];
    }
}
