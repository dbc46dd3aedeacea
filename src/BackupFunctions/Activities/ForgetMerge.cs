using BackupFunctions.Merges;

namespace BackupFunctions.Activities;

/// <summary>A merge has removed what it made: nobody has to look after it any more.</summary>
public sealed class ForgetMerge(MergeRegister register)
{
    [Function(nameof(ForgetMerge))]
    public void Run([ActivityTrigger] string restoreId) => register.Remove(restoreId);
}
