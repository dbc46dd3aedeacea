using BackupFunctions.Contracts;

namespace BackupFunctions.Catalog;

/// <param name="Found">Every different good document under the key: none, one, or more when one was replaced.</param>
/// <param name="Failure">Why some copy could not be read; null when every target gave its copy or said that it has none.</param>
internal sealed record DocumentSearch<T>(IReadOnlyList<FoundDocument<T>> Found, PgdrException? Failure)
{
    /// <summary>Why a target's copy could not be read or is not good, by target in the order of asking.</summary>
    public IReadOnlyList<KeyValuePair<string, PgdrException>> Failures { get; init; } = [];
}
