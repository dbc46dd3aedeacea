namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// <c>wal/&lt;system id&gt;/&lt;timeline&gt;/inventory-&lt;epoch&gt;-&lt;sequence&gt;-&lt;end&gt;.json</c>: what the receiver of an epoch has archived since
/// its inventory before, signed. What one lists and no target has was taken away; what none lists was not made by that receiver.
/// </summary>
public sealed record WalInventory
{
    public const string CurrentFormat = "pgdr-wal-inventory/1";

    public required string Format { get; init; }
    public required string Cluster { get; init; }

    /// <summary>The server's, from IDENTIFY_SYSTEM: digits.</summary>
    public required string SystemIdentifier { get; init; }

    /// <summary>From 1; that of the epoch.</summary>
    public required int Timeline { get; init; }
    public required string EpochId { get; init; }

    /// <summary>From 1, without holes in an epoch.</summary>
    public required int Sequence { get; init; }

    /// <summary>SHA-256 (hex) of the JSON bytes of the epoch's inventory before; null for its first.</summary>
    public string? PreviousSha256 { get; init; }
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The server's log is archived up to here, for example 0/16B3748: by this epoch, or by those before it when it lists nothing.</summary>
    public required string EndLsn { get; init; }

    /// <summary>In the order of their positions. Beginnings of a segment that a later object of the same list replaces are left out.</summary>
    public IReadOnlyList<WalInventoryObject> Objects { get; init; } = [];

    /// <summary>Null: the server was not asked, or could not be.</summary>
    public WalCoverage? Covered { get; init; }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of the key that signed this inventory.</summary>
    public required string SignedBy { get; init; }
}
