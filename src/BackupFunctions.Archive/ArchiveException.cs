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

    /// <param name="aad">Names the object.</param>
    internal static ArchiveException DamagedObject(string aad, string cause, Exception? innerException = null) =>
        Damaged($"Object {aad} is damaged or was written with another key or name: {cause}. Read it from another copy.", innerException);
}
