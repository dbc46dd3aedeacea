using System.Globalization;
using BackupFunctions.Archive.Keys;

namespace BackupFunctions.TestSupport;

/// <summary>What backups of a server need: three folders as targets (a, b, c in reading order), folders for runs and work, and the settings that name all of it.</summary>
public sealed class BackupSite : IDisposable
{
    public const string Cluster = "test";

    private readonly TemporaryFolder _folder = new();

    /// <param name="server">Server <c>main</c> of the settings.</param>
    /// <param name="keys">Operational and recovery recipients, signing key; the operational private key is configured.</param>
    /// <param name="databases">Databases of that server.</param>
    public BackupSite(PostgresServer server, BackupKeys keys, params string[] databases)
    {
        Directory.CreateDirectory(_folder["targets"]);
        File.WriteAllText(_folder["password"], PostgresServer.SuperuserPassword + "\n");
        foreach (var name in TargetNames)
        {
            Settings[$"Targets__{name}__Type"] = "local";
            Settings[$"Targets__{name}__Path"] = TargetFolder(name);
        }

        Settings["CLUSTER_NAME"] = Cluster;
        Settings["STORAGE_ORDER"] = string.Join(',', TargetNames);
        Settings["RUN_STORE_PATH"] = RunStore;
        Settings["WORK_PATH"] = WorkFolder;
        Settings["BACKUP_DUMP_JOBS"] = "2";
        Settings["RESTORE_JOBS"] = "2";
        // A machine that pauses is no slow target.
        Settings["READ_HEDGE_DELAY"] = "600";
        Settings["BACKUP_PUBLIC_KEY_PATHS"] = $"{keys[KeyFiles.OperationalPublic]};{keys[KeyFiles.RecoveryPublic]}";
        Settings["BACKUP_SIGNING_KEY_PATH"] = keys[KeyFiles.SigningPrivate];
        Settings["BACKUP_VERIFY_KEY_PATHS"] = keys[KeyFiles.SigningPublic];
        Settings["BACKUP_PRIVATE_KEY_PATHS"] = keys[KeyFiles.OperationalPrivate];
        if (!server.Binaries.StartsWith("/usr/lib/", StringComparison.Ordinal))
        {
            // Elsewhere nobody looks for them.
            Settings["POSTGRES_BIN"] = server.Binaries;
        }

        AddServer("main", server);
        foreach (var (index, database) in databases.Index())
        {
            Settings[$"Databases__{index}__Name"] = database;
            Settings[$"Databases__{index}__Server"] = "main";
        }
    }

    public static IReadOnlyList<string> TargetNames { get; } = ["a", "b", "c"];

    /// <summary>By their names as environment variables.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public string Folder => _folder.Path;

    public string RunStore => _folder["runs"];

    public string WorkFolder => _folder["work"];

    public string TargetFolder(string name) => Path.Combine(_folder["targets"], name);

    public void AddServer(string name, PostgresServer server)
    {
        Settings[$"Servers__{name}__Host"] = "127.0.0.1";
        Settings[$"Servers__{name}__Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        Settings[$"Servers__{name}__PasswordFile"] = _folder["password"];
    }

    public void Dispose() => _folder.Dispose();
}
