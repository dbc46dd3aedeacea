using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage.FanOut;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>
/// A server with a base backup and some segments of log, archived once and forged many times: <see cref="RestoreAsync"/> brings the targets
/// back to what was archived. Another cluster, to forge with, is there too.
/// </summary>
public sealed class LogSite : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(10));
    private WalSite _site = null!;
    private byte[]? _stranger;

    internal WalSite Site => _site;

    public string System { get; private set; } = null!;

    /// <summary>A cluster that was set up with the same names: its first segment, and its system identifier.</summary>
    public (string System, byte[] Segment) Other { get; private set; }

    /// <summary>In the middle: there are segments before and behind it.</summary>
    public string Middle { get; private set; } = null!;

    public byte[] MiddleBytes { get; private set; } = null!;

    /// <summary>Epoch of the middle segment.</summary>
    public WalEpoch Epoch { get; private set; } = null!;

    public ulong MiddleStart => WalSegmentName.StartOf(Middle, WalSite.SegmentSize);

    public async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        _site = await WalSite.StartAsync();
        System = await _site.SystemAsync();
        await using (var other = await PostgresServer.StartAsync())
        {
            Other = (
                (await other.ScalarAsync<string>("select system_identifier::text from pg_control_system()"))!,
                await File.ReadAllBytesAsync(Path.Combine(other.DataFolder, "pg_wal", "000000010000000000000001")));
        }

        await _site.Server.ExecuteAsync("create table t(i int primary key); insert into t values (1)");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience.Token);
        for (var row = 2; row <= 5; row++)
        {
            await _site.Server.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"insert into t values ({row})"));
            await _site.Server.ExecuteAsync("select pg_switch_wal()");
        }

        await _site.Server.ExecuteAsync("insert into t values (6); select pg_logical_emit_message(true, 'length', repeat('x', 100000))");
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var objects = await _site.ObjectsAsync("a");
        Middle = objects.Where(name => name.Form == WalForm.Segment).SkipLast(1).Last().File;
        using (var reader = await _site.ReaderAsync())
        {
            await reader.FetchAsync(Middle, _folder["middle"], withPartial: false, _patience.Token);
        }

        MiddleBytes = await File.ReadAllBytesAsync(_folder["middle"]);
        Epoch = await ReadEpochAsync(objects.Single(name => name.File == Middle && name.Form == WalForm.Segment).Epoch);

        // Links: whoever forges writes new files.
        await CommandLine.RunAsync("cp", "-al", Targets, _folder["archived"]);
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    public async Task RestoreAsync()
    {
        Directory.Delete(Targets, recursive: true);
        await CommandLine.RunAsync("cp", "-al", _folder["archived"], Targets);
    }

    /// <summary>A path that nothing has used yet, which the account postgres can write to.</summary>
    public string NewPath() => _folder[Guid.NewGuid().ToString("N")];

    /// <summary>Files of this name, or whose name begins with it, on every target.</summary>
    public IReadOnlyList<string> Files(string name) => [.. Directory.EnumerateFiles(Targets, name + "*", SearchOption.AllDirectories)];

    public void Remove(string name)
    {
        foreach (var file in Files(name))
        {
            File.Delete(file);
        }
    }

    public void Replace(string name, Func<byte[], byte[]> change)
    {
        foreach (var file in Files(name))
        {
            var bytes = change(File.ReadAllBytes(file));
            File.Delete(file);
            File.WriteAllBytes(file, bytes);
        }
    }

    public void Put(string key, byte[] bytes)
    {
        foreach (var target in BackupSite.TargetNames)
        {
            var path = Path.Combine(_site.Jobs.Site.TargetFolder(target), key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            File.WriteAllBytes(path, bytes);
        }
    }

    /// <summary>A segment under an epoch that was made for it, on all targets.</summary>
    /// <param name="plain">What it holds.</param>
    /// <param name="signing">Null: the key that everybody pins.</param>
    /// <param name="system">That the epoch is of; null: the server's.</param>
    /// <param name="timeline">That the epoch is of.</param>
    internal async Task<WalEpoch> ForgeAsync(byte[] plain, SigningKey? signing = null, string? system = null, int timeline = 1)
    {
        var settings = _site.Jobs.ReadSettings();
        using var own = KeyLoader.Signing(settings.Keys);
        var identity = new ReplicationSystem(system ?? System, timeline, 0, WalSite.SegmentSize, 150020);
        var session = new FanOutSession(_site.Jobs.Targets!, 3, NullLogger.Instance);
        var writing = new WalWriterSettings(BackupSite.Cluster, CompressionOptions.Default, 3, _folder.Path, TimeProvider.System);
        using var epoch = await OpenEpoch.CreateAsync(
            writing, new WalWriterKeys(KeyLoader.Recipients(settings.Keys), signing ?? own), identity, MiddleStart, timeline,
            timeline == 1 ? [] : [new TimelineSwitch(1, MiddleStart)], gap: null, session, _patience.Token);
        await PutAsync(epoch.Document, epoch.Key, plain);
        return epoch.Document;
    }

    /// <summary>With the data key of a real epoch, as whoever has a recipient's private key can.</summary>
    public async Task PutWithOwnKeyAsync(byte[] plain)
    {
        using var keys = KeyLoader.Private(_site.Jobs.ReadSettings().Keys);
        using var key = keys.Unwrap(Epoch.Recipients);
        await PutAsync(Epoch, key, plain);
    }

    /// <summary>One more inventory of the newest epoch, as its receiver would have written it a while later: the server did nothing more.</summary>
    /// <param name="at">The server's clock.</param>
    /// <param name="position">Up to where it has flushed.</param>
    public async Task PutCoverageAsync(DateTimeOffset at, ulong position)
    {
        using var signing = KeyLoader.Signing(_site.Jobs.ReadSettings().Keys);
        var file = Files(WalInventoryName.PrefixOf(Epoch.EpochId)).Where(file => file.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Last();
        var last = JsonSerializer.Deserialize<WalInventory>(await File.ReadAllBytesAsync(file), ContractJson.Strict)!;
        var next = last with
        {
            Sequence = last.Sequence + 1,
            PreviousSha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))),
            Objects = [],
            EndLsn = Lsn.Format(position),
            Covered = new WalCoverage(at, Lsn.Format(position)),
        };
        var (name, document) = (WalInventoryCodec.NameOf(next), WalInventoryCodec.Write(next, signing));
        Put(StorageKeys.WalInventory(BackupSite.Cluster, System, 1, name), document.Json);
        Put(StorageKeys.WalInventorySignature(BackupSite.Cluster, System, 1, name), document.Signature);
    }

    public SigningKey Stranger()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _stranger ??= key.ExportPkcs8PrivateKey();
        key.ImportPkcs8PrivateKey(_stranger, out _);
        return SigningKey.FromPem(key.ExportPkcs8PrivateKeyPem());
    }

    private string Targets => Path.GetDirectoryName(_site.Jobs.Site.TargetFolder("a"))!;

    private async Task PutAsync(WalEpoch epoch, DataKey key, byte[] plain)
    {
        var subject = WalObjectName.Segment(Middle, epoch.EpochId, new string('0', 64)).Subject;
        using var ciphertext = new MemoryStream();
        await using var writer = ArchiveObjectWriter.Create(
            key, ArchiveAad.ForWal(BackupSite.Cluster, System, subject), CompressionOptions.Default, (block, token) => ciphertext.WriteAsync(block, token));
        await writer.AsStream().WriteAsync(plain, _patience.Token);
        var result = await writer.CompleteAsync(_patience.Token);
        Put(StorageKeys.WalObject(BackupSite.Cluster, System, WalObjectName.Segment(Middle, epoch.EpochId, result.Sha256)), ciphertext.ToArray());
    }

    private async Task<WalEpoch> ReadEpochAsync(string id) => await new Catalog.Wal.WalEpochs(
        BackupSite.Cluster, _site.Jobs.Targets!, KeyLoader.Verification(_site.Jobs.ReadSettings().Keys)).ReadAsync(System, id, _patience.Token);
}
