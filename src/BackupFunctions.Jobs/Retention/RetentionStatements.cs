using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Retention;

/// <summary>
/// Signs and stores what retention states. A run that deletes gives every statement to every target, or ends; what saves a backup counts
/// as soon as one target has it, since nothing is deleted while another cannot be read.
/// </summary>
internal sealed class RetentionStatements
{
    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly SigningKey _signingKey;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _requiredTargets;
    private readonly Lock _lock = new();
    private DateTimeOffset _last;

    /// <param name="requiredTargets">Targets without which a statement is not made.</param>
    public RetentionStatements(
        string cluster, IReadOnlyList<IStorageTarget> targets, int requiredTargets, SigningKey signingKey, TimeProvider time, ILogger logger) =>
        (_cluster, _targets, _requiredTargets, _signingKey, _time, _logger) = (cluster, targets, requiredTargets, signingKey, time, logger);

    /// <param name="kind">What is stated.</param>
    /// <param name="backupId">Of which backup.</param>
    /// <param name="manifestSha256">Of its manifest.</param>
    /// <param name="copies">Of which targets' copies; none: of all.</param>
    /// <param name="detail">One sentence.</param>
    /// <param name="keepUntil">With a cancelled tombstone only.</param>
    /// <exception cref="StorageException">A target does not take it.</exception>
    public async Task PutAsync(
        StatementKind kind, string backupId, string manifestSha256, IReadOnlyList<string> copies, string detail,
        CancellationToken cancellationToken, DateTimeOffset? keepUntil = null)
    {
        var statement = new Statement
        {
            Format = Statement.CurrentFormat,
            BackupId = backupId,
            Cluster = _cluster,
            Kind = kind,
            At = Next(),
            ManifestSha256 = manifestSha256,
            Copies = copies,
            Detail = detail,
            KeepUntil = keepUntil,
            SignedBy = _signingKey.KeyId,
        };
        await StatementWriter.PutAsync(new FanOutSession(_targets, _requiredTargets, _logger), statement, _signingKey, cancellationToken);
    }

    /// <summary>A statement's time is part of its name: two of this run never have the same.</summary>
    private DateTimeOffset Next()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var wholeMilliseconds = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            return _last = wholeMilliseconds > _last ? wholeMilliseconds : _last.AddMilliseconds(1);
        }
    }
}
