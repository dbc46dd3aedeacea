using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Repair;

/// <summary>Where good bytes of an object lie.</summary>
/// <param name="Target">The target.</param>
/// <param name="VersionId">An older version that the target keeps of it; null: the present one.</param>
internal sealed record ObjectSource(IStorageTarget Target, string? VersionId = null)
{
    /// <summary>For people.</summary>
    public string Name => VersionId is null ? $"target '{Target.Name}'" : $"target '{Target.Name}' (version {VersionId})";

    /// <inheritdoc cref="IStorageTarget.OpenReadAsync"/>
    public Task<Stream> OpenAsync(string key, CancellationToken cancellationToken) => VersionId is { } version && Target is IVersionedTarget versioned
        ? versioned.OpenReadVersionAsync(key, version, offset: 0, cancellationToken)
        : Target.OpenReadAsync(key, offset: 0, cancellationToken);
}
