using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Statements and their signatures; read by checking the signature before anything is parsed.</summary>
public static class StatementCodec
{
    /// <summary>Bytes. Do not download more.</summary>
    public const int LargestSize = 1024 * 1024;

    /// <exception cref="InvalidOperationException">The statement breaks a rule that its reader checks, or names another signer.</exception>
    public static SignedDocument Write(Statement statement, SigningKey key)
    {
        var problem = FindProblem(statement) ?? (Same(statement.SignedBy, key.KeyId) ? null : "signed_by is not the key that signs");
        return problem is null
            ? SignedDocument.Create(statement, key)
            : throw new InvalidOperationException($"The statement would not be readable: {problem}.");
    }

    /// <param name="backupId">Where it was found; null: not compared.</param>
    /// <inheritdoc cref="ManifestCodec.Read" path="/exception"/>
    public static Statement Read(byte[] json, byte[] signature, VerificationKeyRing keys, string? backupId = null)
    {
        var (statement, signer) = new SignedDocument(json, signature)
            .Open<Statement>(keys, "statement", Statement.CurrentFormat, LargestSize);
        var problem = FindProblem(statement)
            ?? (Same(statement.SignedBy, signer) ? null : "it names another signer than the one it has")
            ?? (backupId is null || Same(backupId, statement.BackupId) ? null : $"it belongs to backup {statement.BackupId}, not {backupId}");
        return problem is null ? statement : throw SignedDocument.Altered("statement", problem);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    private static string? FindProblem(Statement statement) =>
        statement.Format is not Statement.CurrentFormat ? "its format is not the current one"
        : !ClusterNames.IsValid(statement.Cluster) ? "its cluster's name is not valid"
        : !BackupIds.IsValid(statement.BackupId) ? "its backup id is not valid"
        : !Enum.IsDefined(statement.Kind) ? "its kind is not known"
        : !Sha256Hex.IsValid(statement.ManifestSha256) ? "its manifest's hash is not a SHA-256"
        : !Sha256Hex.IsValid(statement.SignedBy) ? "its signer is not a key id"
        : statement.Kind == StatementKind.Rewrapped != statement.Recipients.Count > 0 ? "recipients belong to a re-wrap and to nothing else"
        : statement.KeepUntil is not null && statement.Kind != StatementKind.TombstoneCancelled ? "a time to keep belongs to a cancelled tombstone and to nothing else"
        : statement.Recipients.Select(ManifestRules.FindProblem).FirstOrDefault(problem => problem is not null);
}
