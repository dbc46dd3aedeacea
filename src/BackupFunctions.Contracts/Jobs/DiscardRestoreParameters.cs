namespace BackupFunctions.Contracts.Jobs;

/// <summary>Ends the isolated server of a recovery that was given up, and removes its files.</summary>
/// <param name="RestoreId">Names the work folder.</param>
public sealed record DiscardRestoreParameters(string RestoreId)
{
    /// <summary>A server named in the settings: its scratch database of this restore goes, too. Null: none is looked for.</summary>
    public string? TargetServer { get; init; }
}
