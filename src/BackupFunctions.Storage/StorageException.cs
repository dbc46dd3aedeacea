using BackupFunctions.Contracts;

namespace BackupFunctions.Storage;

/// <summary>A target did not do what was asked; the code tells unreachable, refused, full, absent and damaged apart.</summary>
public sealed class StorageException : PgdrException
{
    public StorageException(string code, string target, string message, Exception? innerException = null)
        : base(code, message, innerException) => Target = target;

    public string Target { get; }
}
