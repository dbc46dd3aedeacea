using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Expiry;

/// <param name="Document">Its signature was checked.</param>
/// <param name="Sha256">Of its bytes: what its successor names.</param>
/// <param name="Targets">Those that hold it.</param>
public sealed record StoredExpiry(WalExpiry Document, string Sha256, IReadOnlyList<string> Targets)
{
    public LogSpans Expired { get; } = WalExpiryCodec.SpansOf(Document.Expired);

    public LogSpans Deleted { get; } = WalExpiryCodec.SpansOf(Document.Deleted);
}
