namespace BackupFunctions.Retention.State;

/// <summary>One object or one backup on one target.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Health">What is known of its bytes.</param>
/// <param name="Stage">How far its deletion has gone.</param>
/// <param name="TombstonedAt">When its present tombstone was signed; null: none, or cancelled.</param>
/// <param name="LockedUntil">The latest end of the locks of its objects; null: not locked.</param>
public sealed record KnownCopy(
    string Target,
    CopyHealth Health = CopyHealth.Verified,
    CopyStage Stage = CopyStage.Live,
    DateTimeOffset? TombstonedAt = null,
    DateTimeOffset? LockedUntil = null)
{
    public bool IsLive => Stage == CopyStage.Live;

    /// <summary>A restore can read from it, as far as is known.</summary>
    public bool IsUsable => IsLive && Health is CopyHealth.Verified or CopyHealth.Unverified;
}
