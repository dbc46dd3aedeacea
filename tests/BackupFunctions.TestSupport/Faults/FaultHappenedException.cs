namespace BackupFunctions.TestSupport.Faults;

/// <summary>Ends an exchange at the byte of its fault.</summary>
internal sealed class FaultHappenedException() : IOException("The fault of a test.");
