namespace BackupFunctions.Jobs.Verify;

/// <summary>One object of a copy, the worse the later.</summary>
internal enum ObjectCondition
{
    Good,

    /// <summary>Could not be asked: not to be taken for absent.</summary>
    Unknown,
    Absent,

    /// <summary>Read twice, and both times not what the signed manifest says.</summary>
    Wrong,
}
