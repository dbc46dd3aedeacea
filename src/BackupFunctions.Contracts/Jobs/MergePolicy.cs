namespace BackupFunctions.Contracts.Jobs;

/// <summary>Which side wins where a row is in the backup and in the live database. Rows that are only live always stay.</summary>
public enum MergePolicy
{
    /// <summary>The live row: only rows whose key is not live are written.</summary>
    AddMissing,

    /// <summary>The backup's row.</summary>
    Overwrite,

    /// <summary>The row whose column has the greater value; the live one when both are the same. Null is less than every value.</summary>
    Newest,
}
