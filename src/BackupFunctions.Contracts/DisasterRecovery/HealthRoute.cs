namespace BackupFunctions.Contracts.DisasterRecovery;

public enum HealthRoute
{
    /// <summary>HEALTH_CHECK_URL: the restarted application itself.</summary>
    Direct,

    /// <summary>PUBLIC_HEALTH_CHECK_URL: the way users come.</summary>
    Public,
}
