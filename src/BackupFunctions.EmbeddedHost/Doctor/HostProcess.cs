namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>A host that registered with the state database and has not signed off.</summary>
/// <param name="Owner">Its number there.</param>
/// <param name="Machine">Null when nothing but leases is left of it.</param>
/// <param name="ProcessId">On that machine.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="Life">Whether it works.</param>
/// <param name="Leases">What it holds.</param>
internal sealed record HostProcess(
    int Owner, string? Machine, int? ProcessId, DateTime? StartedAt, HostLife Life, IReadOnlyList<Lease> Leases)
{
    public override string ToString() => Machine is null ? $"host {Owner}, which is gone" : $"process {ProcessId} on {Machine}";
}
