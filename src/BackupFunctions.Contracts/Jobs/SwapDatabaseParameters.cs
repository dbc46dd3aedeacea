namespace BackupFunctions.Contracts.Jobs;

/// <summary>Gives the scratch database the live name; what had that name is kept.</summary>
public sealed record SwapDatabaseParameters(
    string RestoreId,
    string BackupId,
    string TargetServer,
    string Database,
    string ScratchDatabase,
    long ScratchOid)
{
    /// <summary>Some tables of a backup: it gets no subscriptions.</summary>
    public bool Partial { get; init; }
}
