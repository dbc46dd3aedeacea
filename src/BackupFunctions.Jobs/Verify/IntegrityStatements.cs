using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Signs and stores what was found of copies. One target is enough to take it: readers take the union, and repair spreads it.</summary>
internal sealed class IntegrityStatements
{
    private readonly SigningKey? _signingKey;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DateTimeOffset _last;

    /// <param name="signingKey">Null: nothing is stated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Learns of targets that do not take a statement.</param>
    public IntegrityStatements(SigningKey? signingKey, TimeProvider time, ILogger logger) => (_signingKey, _time, _logger) = (signingKey, time, logger);

    /// <param name="kind">Verified or quarantined.</param>
    /// <param name="stored">Of which backup.</param>
    /// <param name="known">What was stated before: the new statement comes after it whatever the clocks say.</param>
    /// <param name="copies">Names of the targets.</param>
    /// <param name="detail">One sentence.</param>
    /// <param name="targets">Those that take it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it is not stored; null when it is.</returns>
    public async Task<string?> TryPutAsync(
        StatementKind kind, StoredManifest stored, IEnumerable<Statement> known, IReadOnlyList<string> copies, string detail,
        IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        if (_signingKey is null || copies.Count == 0 || targets.Count == 0)
        {
            return null;
        }

        var statement = new Statement
        {
            Format = Statement.CurrentFormat,
            BackupId = stored.Manifest.BackupId,
            Cluster = stored.Manifest.Cluster,
            Kind = kind,
            At = Next(known),
            ManifestSha256 = stored.Document.Sha256,
            Copies = copies,
            Detail = detail,
            SignedBy = _signingKey.KeyId,
        };
        try
        {
            await StatementWriter.PutAsync(new FanOutSession(targets, requiredCopies: 1, _logger), statement, _signingKey, cancellationToken);
            return null;
        }
        catch (StorageException e)
        {
            return $"What was found of backup {stored.Manifest.BackupId} could not be stated in storage: {e.Message}";
        }
    }

    /// <summary>A statement's time is part of its name, in milliseconds, and decides which of two counts.</summary>
    private DateTimeOffset Next(IEnumerable<Statement> known)
    {
        var before = known.Select(statement => statement.At).Append(_last).Max().AddMilliseconds(1);
        var now = _time.GetUtcNow();
        var next = now > before ? now : before;
        return _last = next.AddTicks(-(next.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
