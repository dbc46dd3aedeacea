using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Output;

/// <summary>For commands whose output tells everything itself.</summary>
internal sealed class SilentReporter : IJobReporter
{
    public void Phase(string phase, long? bytesTotal = null)
    {
    }

    public void Bytes(long done)
    {
    }

    public void AddBytes(long more)
    {
    }

    public void Detail(string detail)
    {
    }

    public void Target(string name)
    {
    }

    public void Failover(string sentence)
    {
    }

    public void Warn(string sentence)
    {
    }
}
