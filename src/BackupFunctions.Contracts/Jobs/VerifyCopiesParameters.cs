namespace BackupFunctions.Contracts.Jobs;

/// <param name="Reason">Who or what asked: schedule, manual.</param>
/// <param name="Backups">Ids; null or empty: a sample, or all.</param>
/// <param name="All">All backups in place of a sample.</param>
/// <param name="Repair">Make missing and damaged copies whole from good ones.</param>
public sealed record VerifyCopiesParameters(string Reason, IReadOnlyList<string>? Backups = null, bool All = false, bool Repair = false)
{
    /// <summary>The jobs that made the named backups are known to have ended: nothing of theirs is waited for.</summary>
    public bool Ended { get; init; }

    /// <summary>In place of ids: the backups of this run of tenants that were not verified on every target.</summary>
    public TenantRunId? TenantRun { get; init; }
}
