using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Storage.Checks;

/// <summary>What only the kind of target knows how to find out. Each answer is a finding; failures are thrown.</summary>
internal interface ITargetInspection
{
    /// <summary>Null: not over HTTP.</summary>
    Uri? Endpoint { get; }

    /// <summary>Bytes; null: not known.</summary>
    long? FreeBytes { get; }

    /// <summary>Why nothing may be written for a test; null: it may.</summary>
    TargetFinding? Unready();

    /// <summary>Whether the store itself refuses to replace an object, tried on one that exists with the bytes it has.</summary>
    Task<TargetFinding> ConditionalWriteAsync(string key, byte[] content, CancellationToken cancellationToken);

    Task<TargetFinding> VersioningAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether objects can be kept from deletion by stolen credentials.</summary>
    Task<TargetFinding> LockAsync(CancellationToken cancellationToken);
}
