namespace BackupFunctions.Contracts;

/// <summary>
/// A failure that a person can act on: the message is one sentence with the cause and the remedy, free of secrets.
/// Everything else that is thrown is a defect and shown as such.
/// </summary>
public class PgdrException : Exception
{
    public PgdrException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable identifier of the cause, see <see cref="ErrorCodes"/>.</summary>
    public string Code { get; }
}
