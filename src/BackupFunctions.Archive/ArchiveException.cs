using BackupFunctions.Contracts;

namespace BackupFunctions.Archive;

/// <summary>An object, key or signed document that cannot be used; see <see cref="ErrorCodes"/> for what each code means.</summary>
public sealed class ArchiveException : PgdrException
{
    public ArchiveException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }

    internal static ArchiveException Damaged(string message, Exception? innerException = null) =>
        new(ErrorCodes.ObjectDamaged, message, innerException);
}
