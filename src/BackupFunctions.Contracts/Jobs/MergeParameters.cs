namespace BackupFunctions.Contracts.Jobs;

/// <summary>Rows of a restored scratch database into the live one.</summary>
/// <param name="RestoreId">Whose scratch database.</param>
/// <param name="Database">The live database.</param>
/// <param name="TargetServer">A server named in the settings, which has both.</param>
/// <param name="ScratchDatabase">As the restore returned it.</param>
/// <param name="ScratchOid">As the restore returned it.</param>
/// <param name="Policy">Which side wins.</param>
/// <param name="Apply">False: nothing is written, only counted.</param>
public sealed record MergeParameters(
    string RestoreId, string Database, string TargetServer, string ScratchDatabase, long ScratchOid, MergePolicy Policy, bool Apply)
{
    /// <summary>For <see cref="MergePolicy.Newest"/>: a column that every table of the merge has.</summary>
    public string? NewestColumn { get; init; }

    /// <summary>As schema.table with * and ?; empty: all tables, or all that hold rows of tenants.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Only rows of these tenants, a transaction for each; empty: all rows.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];
}
