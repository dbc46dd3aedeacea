namespace BackupFunctions.Retention.Policies;

public enum PolicyKind
{
    /// <summary>A number of days for each target.</summary>
    Age,

    /// <summary>The newest of so many days, weeks and months (grandfather, father, son).</summary>
    Gfs,

    /// <summary>One number of days for all targets.</summary>
    Flat,
}
