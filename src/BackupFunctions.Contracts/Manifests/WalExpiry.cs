namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// <c>wal/&lt;system id&gt;/expiry/&lt;id&gt;.json</c>: what retention states of one server's log, signed. The newest counts. What it and every one
/// before it, back to before the grace, name as expired is deleted; what it names is no hole when it is missing.
/// </summary>
public sealed record WalExpiry
{
    public const string CurrentFormat = "pgdr-wal-expiry/1";

    public required string Format { get; init; }
    public required string Cluster { get; init; }

    /// <summary>The server's: digits.</summary>
    public required string SystemIdentifier { get; init; }

    /// <summary>Shaped like a backup's id: begins with the time of the statement, and sorts by it.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 (hex) of the JSON bytes of the statement before; null for the first.</summary>
    public string? PreviousSha256 { get; init; }

    /// <summary>Bytes: stretches are whole segments of this size.</summary>
    public required int SegmentSize { get; init; }

    /// <summary>Nothing needs it, whether it is there or not. By timeline and position; stretches do not touch.</summary>
    public IReadOnlyList<WalExpirySpan> Expired { get; init; } = [];

    /// <summary>Its deletion has begun, now or in an earlier run. In the same order.</summary>
    public IReadOnlyList<WalExpirySpan> Deleted { get; init; } = [];

    /// <summary>Epochs that have nothing left that is needed, in order: they go with their inventories when all of their log has.</summary>
    public IReadOnlyList<string> Epochs { get; init; } = [];

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of the key that signed this statement.</summary>
    public required string SignedBy { get; init; }
}
