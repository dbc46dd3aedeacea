using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.EmbeddedHost.Tests.PrivateCluster;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Below a folder that lets the server's account pass.</summary>
    private string Data => Path.Combine(_folder.Path, "host");

    private string PidFile => Path.Combine(Data, "state", "postmaster.pid");

    public PrivateClusterTests() =>
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);

    public void Dispose()
    {
        if (File.Exists(PidFile))
        {
            Kill();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Open_FirstStart_MakesDurableServerOnPrivateSocketOnly()
    {
        await using var cluster = Cluster();

        (await ScalarAsync(cluster, "SHOW listen_addresses")).ShouldBe(string.Empty);
        (await ScalarAsync(cluster, "SHOW fsync")).ShouldBe("on");
        (await ScalarAsync(cluster, "SHOW synchronous_commit")).ShouldBe("on");
        (await ScalarAsync(cluster, "SHOW shared_buffers")).ShouldBe("16MB");
        (await ScalarAsync(cluster, "SHOW data_checksums")).ShouldBe("on");
        File.GetUnixFileMode(Path.Combine(Data, "run")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(Data, "state")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Open_OtherAccountOnTheSocket_IsRefused()
    {
        await using var cluster = Cluster();
        await cluster.OpenAsync(CancellationToken.None);

        if (!ServerAccount.IsSubstituted)
        {
            // Only root can try as somebody else.
            (await File.ReadAllTextAsync(Path.Combine(Data, "state", "pg_hba.conf"))).ShouldBe("local all all peer map=host\n");
            return;
        }

        // Even an account that got past the folder's mode.
        File.SetUnixFileMode(Path.Combine(Data, "run"), (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(Data, "run", ".s.PGSQL.5432"), (UnixFileMode)0b111_111_111);
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => CommandLine.RunAsync(
            "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "psql", "-h", Path.Combine(Data, "run"), "-U", "backupfunctions", "-d", "postgres", "-c", "SELECT 1"));
        refused.Message.ShouldContain("authentication failed");
    }

    [Fact]
    public async Task Dispose_LastHost_StopsServer_AndNextStartFindsTheState()
    {
        await using (var cluster = Cluster())
        {
            await ExecuteAsync(cluster, "CREATE TABLE kept AS SELECT 7 AS n");
        }

        File.Exists(PidFile).ShouldBeFalse();
        await using var again = Cluster();
        (await ScalarAsync(again, "SELECT n::text FROM kept")).ShouldBe("7");
    }

    [Fact]
    public async Task Dispose_OtherHostUsesServer_LeavesItRunning()
    {
        await using var other = Cluster();
        await using (var cluster = Cluster())
        {
            await cluster.OpenAsync(CancellationToken.None);
            await other.OpenAsync(CancellationToken.None);
        }

        (await ScalarAsync(other, "SELECT 'alive'")).ShouldBe("alive");
    }

    [Fact]
    public async Task Open_ServerOutlivedItsKilledHost_TakesItOverAndStopsItInTheEnd()
    {
        await using (var cluster = Cluster())
        {
            await cluster.OpenAsync(CancellationToken.None);
        }

        // A killed host leaves the server running and no lock behind.
        var orphan = new ClusterServer(new ClusterFolders(Data), (await ServerBinaries.OfMajorAsync(null, 15, CancellationToken.None))!, TimeProvider.System);
        (await orphan.StartOrAdoptAsync(CancellationToken.None)).ShouldBeFalse();
        var server = (await File.ReadAllLinesAsync(PidFile))[0];

        await using (var heir = Cluster())
        {
            (await ScalarAsync(heir, "SELECT 'alive'")).ShouldBe("alive");
            (await File.ReadAllLinesAsync(PidFile))[0].ShouldBe(server);
        }

        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_PathTooLongForASocket_Works()
    {
        var settings = new HostSettings { Url = new Uri("http://127.0.0.1:0"), DataFolder = Path.Combine(_folder.Path, new string('x', 100)) };
        var sockets = new ClusterFolders(settings.DataFolder).Sockets;
        await using (var cluster = new PrivateClusterDatabase(settings, TimeProvider.System, NullLogger<PrivateClusterDatabase>.Instance))
        {
            (await ScalarAsync(cluster, "SHOW unix_socket_directories")).ShouldBe(sockets);
        }

        Directory.Delete(sockets, recursive: true);
    }

    [Fact]
    public async Task Open_HostsStartTogether_ShareOneServer()
    {
        var clusters = Enumerable.Range(0, 3).Select(_ => Cluster()).ToArray();

        await Task.WhenAll(clusters.Select(cluster => cluster.OpenAsync(CancellationToken.None).AsTask()));

        var pids = await Task.WhenAll(clusters.Select(cluster => ScalarAsync(cluster, "SELECT pg_postmaster_start_time()::text")));
        pids.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        await Task.WhenAll(clusters.Select(cluster => cluster.DisposeAsync().AsTask()));
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_EverythingKilledAndLockFileNamesALivingProcess_Recovers()
    {
        await using (var killed = Cluster())
        {
            await ExecuteAsync(killed, "CREATE TABLE kept AS SELECT 7 AS n");
            Kill();
        }

        // As after a reboot: the id in the lock file belongs to somebody else by now. A process of the server's own account is the worst case.
        using var stranger = Sleeper();
        var lines = await File.ReadAllLinesAsync(PidFile);
        lines[0] = stranger.Id.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(PidFile, lines);

        await using var cluster = Cluster();
        (await ScalarAsync(cluster, "SELECT n::text FROM kept")).ShouldBe("7");
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task Watch_ServerKilledUnderRunningHost_StartsItAgain()
    {
        await using var cluster = Cluster();
        await ExecuteAsync(cluster, "CREATE TABLE kept AS SELECT 7 AS n");
        using var watch = new ClusterWatch(cluster, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        Kill();

        string? found = null;
        for (var attempt = 0; attempt < 200 && found is null; attempt++)
        {
            try
            {
                found = await ScalarAsync(cluster, "SELECT n::text FROM kept");
            }
            catch (Npgsql.NpgsqlException)
            {
                await Task.Delay(100);
            }
        }

        found.ShouldBe("7");
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Open_HalfFinishedInitialisation_StartsOver()
    {
        var half = Path.Combine(Data, "state.initializing");
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15\n");

        await using var cluster = Cluster();

        (await ScalarAsync(cluster, "SELECT 'alive'")).ShouldBe("alive");
        Directory.Exists(half).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_StateFolderHoldsSomethingElse_TouchesNothing()
    {
        var state = Path.Combine(Data, "state");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "letter.txt"), "mine");
        await using var cluster = Cluster();

        (await FailsAsync(cluster)).Message.ShouldContain("holds something that is no PostgreSQL data directory");
        File.Exists(Path.Combine(state, "letter.txt")).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_NoBinaries_NamesWhatToInstall()
    {
        await using var cluster = Cluster(binaries: _folder.Path);

        var error = await FailsAsync(cluster);
        error.Code.ShouldBe(ErrorCodes.ToolMissing);
        error.Message.ShouldContain("POSTGRES_BIN");
        error.Message.ShouldContain("install");
    }

    [Fact]
    public async Task Open_DamagedState_SaysWhereTheLogIs()
    {
        await using (var cluster = Cluster())
        {
            await cluster.OpenAsync(CancellationToken.None);
        }

        File.Delete(Path.Combine(Data, "state", "global", "pg_control"));
        await using var broken = Cluster();

        (await FailsAsync(broken)).Message.ShouldContain("start.log");
    }

    [Fact]
    public async Task Open_AccountCannotReachFolder_SaysWhatToDo()
    {
        if (!ServerAccount.IsSubstituted)
        {
            // An ordinary user runs the server as himself: then the folder is his, and only a file in its place stops it.
            await File.WriteAllTextAsync(Data, string.Empty);
        }
        else
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await using var cluster = Cluster();
        (await FailsAsync(cluster)).Message.ShouldContain("DATA_FOLDER");
    }

    [Fact]
    public void Folders_LongPath_PutsTheSocketElsewhere()
    {
        new ClusterFolders("/var/lib/backupfunctions").Sockets.ShouldBe("/var/lib/backupfunctions/run");
        var elsewhere = new ClusterFolders("/srv/" + new string('x', 100));

        elsewhere.Sockets.Length.ShouldBeLessThan(60);
        string.Equals(elsewhere.Sockets, new ClusterFolders("/srv/" + new string('y', 100)).Sockets, StringComparison.Ordinal).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/srv/it's")]
    [InlineData("/srv/$HOME")]
    [InlineData("/srv/a,b")]
    public void Folders_UnquotablePath_IsRefused(string path) =>
        Should.Throw<PgdrException>(() => new ClusterFolders(path)).Message.ShouldContain("DATA_FOLDER");

    private PrivateClusterDatabase Cluster(string? binaries = null) =>
        new(
            new HostSettings { Url = new Uri("http://127.0.0.1:0"), DataFolder = Data, PostgresBinaries = binaries },
            TimeProvider.System,
            NullLogger<PrivateClusterDatabase>.Instance);

    private static async Task<string?> ScalarAsync(PrivateClusterDatabase cluster, string sql)
    {
        var source = await cluster.OpenAsync(CancellationToken.None);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task ExecuteAsync(PrivateClusterDatabase cluster, string sql)
    {
        var source = await cluster.OpenAsync(CancellationToken.None);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<PgdrException> FailsAsync(PrivateClusterDatabase cluster) =>
        Should.ThrowAsync<PgdrException>(() => cluster.OpenAsync(CancellationToken.None).AsTask());

    private static Process Sleeper() =>
        ServerAccount.IsSubstituted
            ? Process.Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "sleep", "60"])
            : Process.Start("sleep", ["60"]);

    /// <summary>SIGKILL to the postmaster and every process in its data directory.</summary>
    private void Kill()
    {
        var state = Path.Combine(Data, "state");
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (string.Equals(new FileInfo($"/proc/{process.Id}/cwd").LinkTarget, state, StringComparison.Ordinal))
                {
                    process.Kill();
                }
            }
        }
    }
}
