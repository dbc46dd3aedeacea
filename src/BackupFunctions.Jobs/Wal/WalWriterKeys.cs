using BackupFunctions.Archive.Keys;

namespace BackupFunctions.Jobs.Wal;

/// <summary>What writing needs: no private key that opens anything.</summary>
internal sealed record WalWriterKeys(IReadOnlyList<RecipientKey> Recipients, SigningKey Signing);
