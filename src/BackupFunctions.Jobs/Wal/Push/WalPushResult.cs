namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>What one call of 'pgdr wal push' made durable.</summary>
public sealed record WalPushResult
{
    /// <summary>The file that was asked for: it is durable.</summary>
    public required string File { get; init; }

    /// <summary>Files that this call archived; 0: it was known to be durable.</summary>
    public int Pushed { get; init; }

    /// <summary>Bytes of log.</summary>
    public long LogSize { get; init; }

    /// <summary>Bytes of ciphertext in one copy.</summary>
    public long StoredSize { get; init; }

    /// <summary>Targets that missed some of it, with the cause.</summary>
    public IReadOnlyDictionary<string, string> FailedTargets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
