using System.Diagnostics;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>A process; its start time tells it from a later one with the same id.</summary>
/// <param name="Machine">Host name.</param>
/// <param name="ProcessId">As seen on that machine.</param>
/// <param name="StartedAt">UTC.</param>
internal sealed record OwnerIdentity(string Machine, int ProcessId, DateTime StartedAt)
{
    // The system counts start times in ticks since a boot time that it rounds to seconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    public static OwnerIdentity OfThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new OwnerIdentity(Environment.MachineName, self.Id, self.StartTime.ToUniversalTime());
    }

    /// <summary>True when the process ran on this machine and does no more; false when it runs or cannot be seen from here.</summary>
    public bool IsDeadHere()
    {
        if (!string.Equals(Machine, Environment.MachineName, StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return (process.StartTime.ToUniversalTime() - StartedAt).Duration() > Rounding;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }
}
