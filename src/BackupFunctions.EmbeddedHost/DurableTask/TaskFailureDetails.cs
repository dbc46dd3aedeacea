using System.Text.Json.Serialization;

namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>A failure as data: it crosses processes and survives in history.</summary>
/// <param name="ErrorType">Full name of the exception type, or a name of the engine such as ActivityTaskNotFound.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">Where it was thrown, when known.</param>
/// <param name="InnerFailure">The failure that caused this one.</param>
/// <param name="Properties">Further facts: texts, numbers and truth values of the exception's Data.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    /// <summary>Retry policies give up at once.</summary>
    [JsonInclude]
    internal bool IsNonRetriable { get; init; }

    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the failed exception's type is known here and is, or derives from, the given one.</summary>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"{targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        }

        var actual = Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(ErrorType, throwOnError: false))
                .FirstOrDefault(type => type is not null);
        return actual is not null && targetBaseExceptionType.IsAssignableFrom(actual);
    }

    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is TaskFailedException failed
            ? new TaskFailureDetails(TypeName(exception), exception.Message, exception.StackTrace, failed.FailureDetails, FailureProperties.Of(exception))
            {
                IsNonRetriable = failed.FailureDetails.IsNonRetriable,
            }
            : new TaskFailureDetails(
                TypeName(exception),
                exception.Message,
                exception.StackTrace,
                exception.InnerException is { } inner ? FromException(inner) : null,
                FailureProperties.Of(exception));
    }

    private static string TypeName(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
