using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Backup;

/// <summary>The keys that every backup is written with.</summary>
/// <param name="Recipients">Who can open it.</param>
/// <param name="Signing">Signs its manifest and statements.</param>
internal sealed record BackupWriterKeys(IReadOnlyList<RecipientKey> Recipients, SigningKey Signing) : IDisposable
{
    /// <exception cref="Contracts.PgdrException">key.missing: too few recipients, or no signing key.</exception>
    public static BackupWriterKeys Load(KeySettings settings) => new(KeyLoader.Recipients(settings), KeyLoader.Signing(settings));

    public void Dispose() => Signing.Dispose();
}
