using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>What one tenant's backup tells, as part of a job with many of them: phases of their own would only flicker.</summary>
internal sealed class TenantReporter(IJobReporter reporter, string tenant) : IJobReporter
{
    public void Phase(string phase, long? bytesTotal = null)
    {
        // The job's own phase goes on.
    }

    public void Bytes(long done)
    {
        // A total of this tenant.
    }

    public void AddBytes(long more) => reporter.AddBytes(more);

    public void Detail(string detail)
    {
        // The job tells which tenants are done.
    }

    public void Target(string name) => reporter.Target(name);

    public void Failover(string sentence) => reporter.Failover(sentence);

    public void Warn(string sentence) => reporter.Warn($"Tenant '{tenant}': {sentence}");
}
