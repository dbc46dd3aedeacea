using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// One attempt at a backup, of whatever kind: its id, its data key, its objects on all targets at once, the manifest that makes it exist, and the
/// reading back of every copy. Disposed before it is published, nothing of it stays in storage.
/// </summary>
internal sealed class BackupAttempt : IAsyncDisposable
{
    private readonly JobEnvironment _environment;
    private readonly BackupWriterKeys _keys;
    private readonly ManifestChain _chain;
    private readonly ManifestChainLink _previous;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly CompressionOptions _compression;
    private readonly FanOutSession _session;
    private readonly DataKey _key;
    private bool _published;

    /// <param name="environment">What every job works with.</param>
    /// <param name="keys">Not disposed with it.</param>
    /// <param name="chain">Of what it is a backup of.</param>
    /// <param name="targets">All that it goes to.</param>
    public BackupAttempt(JobEnvironment environment, BackupWriterKeys keys, ManifestChain chain, IReadOnlyList<IStorageTarget> targets)
    {
        (_environment, _keys, _chain, _targets) = (environment, keys, chain, targets);
        _previous = chain.Read();
        _compression = BackupCompression.Of(environment.Settings);
        StartedAt = environment.Time.GetUtcNow();
        Id = BackupIds.New(environment.Time);
        _session = BackupSession.Open(environment, targets);
        _key = DataKey.Create();
        Objects = new BackupObjects(_session, _key, _compression, Cluster, Id);
    }

    public string Id { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Takes what the backup consists of.</summary>
    public BackupObjects Objects { get; }

    private string Cluster => _environment.Settings.ClusterName;

    /// <summary>The manifest of what <see cref="Objects"/> took up to now, without what only its kind has.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="server">Where it comes from.</param>
    /// <param name="snapshotAt">The point that it recovers to.</param>
    /// <param name="tools">That took it, with versions.</param>
    public Manifest Describe(BackupKind kind, ServerIdentity server, DateTimeOffset snapshotAt, IReadOnlyDictionary<string, string> tools)
    {
        var objects = Objects.Objects;
        return new Manifest
        {
            Format = Manifest.CurrentFormat,
            Cluster = Cluster,
            BackupId = Id,
            Kind = kind,
            Database = string.Empty,
            StartedAt = StartedAt,
            SnapshotAt = snapshotAt,
            FinishedAt = _environment.Time.GetUtcNow(),
            Server = server,
            Tools = tools,
            Compression = _compression.Name,
            Encryption = Manifest.Aes256GcmHkdf1Mb,
            Recipients = [.. _keys.Recipients.Select(recipient => recipient.Wrap(_key))],
            Objects = objects,
            PlainSize = Objects.PlainSize,
            StoredSize = objects.Sum(stored => stored.Size),
            SignedBy = _keys.Signing.KeyId,
            Sequence = _previous.Sequence + 1,
            PreviousManifestSha256 = _previous.Sha256,
        };
    }

    /// <summary>From here on the backup exists, whatever follows.</summary>
    /// <param name="manifest">As described by <see cref="Describe"/>.</param>
    /// <param name="stateFolder">The manifest is kept there before any target gets it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.PgdrException">copies.missing: too few targets took it.</exception>
    public async Task<PublishedBackup> PublishAsync(Manifest manifest, string stateFolder, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("manifest");
        var document = ManifestCodec.Write(manifest, _keys.Signing);
        await new ManifestPublisher(_session, Cluster, stateFolder).PublishAsync(manifest, document, _keys.Signing, cancellationToken);
        _published = true;
        return new PublishedBackup(manifest, document);
    }

    /// <summary>Its link in the chain, locks, and the reading back of every copy.</summary>
    public Task<CompletedBackup> CompleteAsync(PublishedBackup backup, CancellationToken cancellationToken) =>
        new BackupCompletion(_environment, _session, _targets, _chain).RunAsync(backup.Manifest, backup.Document, _keys.Signing, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_published)
        {
            await new BackupWithdrawal(_targets, _environment.Loggers.CreateLogger<BackupWithdrawal>()).RunAsync(Cluster, Id);
        }

        _key.Dispose();
    }
}
