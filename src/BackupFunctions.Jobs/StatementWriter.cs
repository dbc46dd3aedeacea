using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs;

/// <summary>Signed later facts about a backup, beside it in storage.</summary>
internal static class StatementWriter
{
    public static Statement Verified(
        Manifest manifest, SignedDocument document, IReadOnlyList<string> copies, DateTimeOffset at, SigningKey signingKey) =>
        Create(StatementKind.Verified, manifest, document, copies, at, "every copy read back, SHA-256 equal", signingKey);

    public static Statement Proven(Manifest manifest, SignedDocument document, DateTimeOffset at, string detail, SigningKey signingKey) =>
        Create(StatementKind.Proven, manifest, document, [], at, detail, signingKey);

    public static async Task PutAsync(FanOutSession session, Statement statement, SigningKey signingKey, CancellationToken cancellationToken)
    {
        var document = StatementCodec.Write(statement, signingKey);
        await session.PutAllAsync(StorageKeys.StatementSignature(statement), document.Signature, cancellationToken);
        await session.PutAllAsync(StorageKeys.Statement(statement), document.Json, cancellationToken);
    }

    private static Statement Create(
        StatementKind kind, Manifest manifest, SignedDocument document, IReadOnlyList<string> copies, DateTimeOffset at, string detail, SigningKey signingKey) => new()
        {
            Format = Statement.CurrentFormat,
            BackupId = manifest.BackupId,
            Cluster = manifest.Cluster,
            Kind = kind,
            At = at,
            ManifestSha256 = document.Sha256,
            Copies = copies,
            Detail = detail,
            SignedBy = signingKey.KeyId,
        };
}
