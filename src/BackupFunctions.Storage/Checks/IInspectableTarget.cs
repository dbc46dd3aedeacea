namespace BackupFunctions.Storage.Checks;

internal interface IInspectableTarget : IStorageTarget
{
    ITargetInspection Inspection { get; }
}
