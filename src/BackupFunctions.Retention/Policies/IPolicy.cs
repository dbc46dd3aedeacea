using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Policies;

/// <summary>What the settings want kept; other rules may keep more.</summary>
internal interface IPolicy
{
    /// <returns>Null when the policy lets this copy go.</returns>
    PolicyVerdict? Keeps(KnownBackup backup, string target);

    /// <summary>Why a copy that it lets go is no longer wanted, a sentence.</summary>
    string WhyExpired(KnownBackup backup, string target);
}
