namespace BackupFunctions.EmbeddedHost.DurableTask.Core.Exceptions;

/// <summary>An instance with this id exists in a state that forbids its replacement.</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    public OrchestrationAlreadyExistsException()
    {
    }

    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }

    public OrchestrationAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
