namespace BackupFunctions.EmbeddedHost.DurableTask.Client;

/// <param name="Recursive">Sub-orchestrations too.</param>
public record PurgeInstanceOptions(bool Recursive = false);
