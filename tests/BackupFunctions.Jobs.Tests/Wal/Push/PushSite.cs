using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Jobs.Wal.Push;
using BackupFunctions.Storage.Failover;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Wal.Push;

/// <summary>A copy of a server's log and control file, to be archived to three folders.</summary>
internal sealed class PushSite : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PushSite(PostgresServer server, BackupKeys keys)
    {
        Jobs = new JobSite(new BackupSite(server, keys));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(server.DataFolder, "pg_wal"), "*", SearchOption.AllDirectories)
            .Append(Path.Combine(server.DataFolder, "global", "pg_control")).Append(Path.Combine(server.DataFolder, "PG_VERSION")))
        {
            var copy = Path.Combine(Data, Path.GetRelativePath(server.DataFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        System = ServerFiles.Open(Data).SystemIdentifier;
    }

    public JobSite Jobs { get; }

    public string System { get; }

    public string Data => _folder["data"];

    public string State => _folder["state"];

    /// <summary>Names of the files that wait, in the server's order.</summary>
    public IReadOnlyList<string> Ready => [.. ServerFiles.Open(Data).Ready().Select(file => file.Name)];

    public string First => Ready.First(WalSegmentName.IsValid);

    public string PathOf(string file) => Path.Combine(Data, "pg_wal", file);

    public Task<WalPushResult> PushAsync(string file, int files = 256, CancellationToken cancellationToken = default) =>
        WalPush.RunAsync(Jobs.Environment, Data, "pg_wal/" + file, State, new WalPushOptions { Files = files, Jobs = 3 }, cancellationToken);

    public IReadOnlyList<WalObjectName> Objects(string target)
    {
        var folder = Path.Combine(Jobs.Site.TargetFolder(target), StorageKeys.WalOf(BackupSite.Cluster, System));
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => WalObjectName.TryParse(Path.GetFileName(file), out var name) ? name : null).OfType<WalObjectName>().OrderBy(name => name.ToString(), StringComparer.Ordinal),
        ];
    }

    public WalReader Reader()
    {
        var environment = Jobs.Environment;
        var targets = environment.OpenTargets();
        return new WalReader(
            BackupSite.Cluster, System, targets, KeyLoader.Verification(environment.Settings.Keys), KeyLoader.Private(environment.Settings.Keys),
            new FailoverReader(targets, new FailoverReaderOptions(), NullLogger.Instance));
    }

    public void Dispose()
    {
        Jobs.Dispose();
        _folder.Dispose();
    }
}
