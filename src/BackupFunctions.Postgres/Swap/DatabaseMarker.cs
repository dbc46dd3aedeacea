using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Swap;

/// <summary>The comment on a scratch or kept database: what it is, whatever it is called.</summary>
/// <param name="Pgdr">scratch or kept.</param>
/// <param name="RestoreId">The restore it belongs to.</param>
/// <param name="Database">The live database's name.</param>
internal sealed record DatabaseMarker(string Pgdr, string RestoreId, string Database)
{
    public const string Scratch = "scratch";
    public const string Kept = "kept";

    /// <summary>The live database that is being replaced, once a swap has begun.</summary>
    public long? LiveOid { get; init; }

    /// <summary>The live database's own properties before anything about it was changed.</summary>
    public DatabaseProperties? Live { get; init; }

    /// <summary>What was merged from it, in the same transaction as the rows.</summary>
    public IReadOnlyList<MergeResult>? Merged { get; init; }

    public string ToComment() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <summary>Null for every comment that is not one of ours.</summary>
    public static DatabaseMarker? Read(string? comment)
    {
        if (comment is null || !comment.StartsWith('{'))
        {
            return null;
        }

        try
        {
            var marker = JsonSerializer.Deserialize<DatabaseMarker>(comment, ContractJson.Options);
            return marker is { Pgdr: Scratch or Kept, RestoreId: not null, Database: not null } ? marker : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public bool Is(string kind, string restoreId) =>
        string.Equals(Pgdr, kind, StringComparison.Ordinal) && string.Equals(RestoreId, restoreId, StringComparison.Ordinal);
}
