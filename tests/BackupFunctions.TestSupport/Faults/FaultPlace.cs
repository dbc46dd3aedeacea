namespace BackupFunctions.TestSupport.Faults;

/// <summary>The parts of one HTTP exchange that a fault can hit.</summary>
public enum FaultPlace
{
    RequestHead,
    RequestBody,
    ResponseHead,
    ResponseBody,
}
