using BackupFunctions.Contracts;

namespace BackupFunctions.Catalog.Database;

/// <summary>The catalog cannot be used. Storage can: whoever catches this goes on from there.</summary>
public sealed class CatalogException : PgdrException
{
    public CatalogException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }
}
