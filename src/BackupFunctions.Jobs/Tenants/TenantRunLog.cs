using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>
/// Which tenants a run has backed up, a line for each, so that a job started again leaves them out. A line that a crash cut is none: that
/// tenant is backed up once more.
/// </summary>
internal sealed class TenantRunLog : IDisposable
{
    /// <summary>EWOULDBLOCK of flock(2), as .NET hands it on.</summary>
    private const int IsLocked = 11;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly StreamWriter _writer;

    private TenantRunLog(StreamWriter writer, Dictionary<string, TenantBackup> before) => (_writer, Before) = (writer, before);

    /// <summary>By tenant: taken before this job.</summary>
    public IReadOnlyDictionary<string, TenantBackup> Before { get; }

    /// <param name="runStore">The run store.</param>
    /// <param name="cluster">Of the settings.</param>
    /// <param name="database">Whose tenants.</param>
    /// <param name="run">Names the run.</param>
    /// <param name="now">Logs of runs long gone are removed.</param>
    /// <exception cref="PgdrException">disk.full, settings.invalid; tenant.busy: another job works on the run.</exception>
    public static TenantRunLog Open(string runStore, string cluster, string database, string run, DateTimeOffset now)
    {
        var folder = FolderOf(runStore);
        JobFolders.Prepare(folder, "RUN_STORE_PATH");
        try
        {
            foreach (var old in new DirectoryInfo(folder).EnumerateFiles("*.jsonl").Where(file => now.UtcDateTime - file.LastWriteTimeUtc > Kept).ToList())
            {
                old.Delete();
            }

            var path = PathOf(folder, cluster, new TenantRunId(database, run));
            // Locked before it is read: nobody adds a line in between.
            var writer = new StreamWriter(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)) { AutoFlush = true };
            var before = Read(writer.BaseStream);
            // Whatever a crash cut: the next line begins a new one.
            writer.Write('\n');
            return new TenantRunLog(writer, before);
        }
        catch (IOException e) when (e.HResult == IsLocked)
        {
            throw new PgdrException(ErrorCodes.TenantRunBusy, $"Another job works on run '{run}' of tenants at this moment: wait for its end, or cancel it.", e);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(folder, "RUN_STORE_PATH", e);
        }
    }

    /// <summary>What a run that has ended left; empty where nothing is kept of it.</summary>
    /// <exception cref="PgdrException">settings.invalid: it cannot be read.</exception>
    public static IReadOnlyCollection<TenantBackup> Read(string runStore, string cluster, TenantRunId run)
    {
        try
        {
            var path = PathOf(FolderOf(runStore), cluster, run);
            if (!File.Exists(path))
            {
                return [];
            }

            using var file = File.OpenRead(path);
            return Read(file).Values;
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(FolderOf(runStore), "RUN_STORE_PATH", e);
        }
    }

    /// <summary>Once the backup exists. Safe for several at the same time.</summary>
    public void Add(TenantBackup backup)
    {
        lock (_writer)
        {
            _writer.Write(JsonSerializer.Serialize(backup, ContractJson.Options) + "\n");
        }
    }

    public void Dispose() => _writer.Dispose();

    private static string FolderOf(string runStore) => Path.Combine(runStore, "tenants");

    private static string PathOf(string folder, string cluster, TenantRunId run) => Path.Combine(
        folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}\0{run.Database}\0{run.Run}")))[..32] + ".jsonl");

    private static Dictionary<string, TenantBackup> Read(Stream file)
    {
        var before = new Dictionary<string, TenantBackup>(StringComparer.Ordinal);
        using var lines = new StreamReader(file, leaveOpen: true);
        while (lines.ReadLine() is { } line)
        {
            try
            {
                if (line.Length > 0 && JsonSerializer.Deserialize<TenantBackup>(line, ContractJson.Strict) is { } backup)
                {
                    before[backup.Tenant] = backup;
                }
            }
            catch (JsonException)
            {
                // Cut by a crash.
            }
        }

        return before;
    }
}
