namespace BackupFunctions.TestSupport.Faults;

/// <param name="Happens">Awaited before the request is passed on.</param>
public sealed record EventFault(Func<Task> Happens) : Fault;
