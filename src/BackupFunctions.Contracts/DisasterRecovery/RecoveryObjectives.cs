namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>What recoveries are measured by: how long one may take (RTO), how much work may be lost (RPO).</summary>
public static class RecoveryObjectives
{
    private const double Minute = 60;

    /// <param name="seconds">From the start of the recovery to its end.</param>
    public static ObjectiveStatus OfTime(double seconds) => Judge(seconds, aim: 15 * Minute, required: 60 * Minute);

    /// <param name="seconds">Work lost.</param>
    public static ObjectiveStatus OfPoint(double seconds) => Judge(seconds, aim: 5 * Minute, required: 15 * Minute);

    private static ObjectiveStatus Judge(double seconds, double aim, double required) =>
        seconds > required ? ObjectiveStatus.Critical : seconds > aim ? ObjectiveStatus.Warning : ObjectiveStatus.Ok;
}
