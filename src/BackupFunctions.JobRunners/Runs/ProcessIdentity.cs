using System.Globalization;

namespace BackupFunctions.JobRunners.Runs;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Id">Process id.</param>
/// <param name="StartTicks">Field 22 of /proc/PID/stat: clock ticks after boot (proc(5)).</param>
/// <param name="BootId">Ticks and ids repeat after a reboot, the boot id does not.</param>
public sealed record ProcessIdentity(int Id, long StartTicks, string BootId)
{
    /// <summary>Null when the process is gone already.</summary>
    public static ProcessIdentity? Of(int id) => ReadStat(id) is { } stat ? new ProcessIdentity(id, stat.StartTicks, ReadBootId()) : null;

    public bool Exists() =>
        string.Equals(BootId, ReadBootId(), StringComparison.Ordinal)
        && ReadStat(Id) is { } stat && stat.StartTicks == StartTicks && stat.State is not ('Z' or 'X');

    private static string ReadBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static (char State, long StartTicks)? ReadStat(int id)
    {
        try
        {
            // The second field is the program's name in parentheses and may hold anything, so count from the last one.
            var text = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
