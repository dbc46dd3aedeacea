using System.Runtime.Versioning;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.EmbeddedHost.Tests.PrivateCluster;

/// <summary>An upgrade of the distribution took the PostgreSQL away that made the state.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeptAsideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KeptAsideTests() => File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);

    private string Data => Path.Combine(_folder.Path, "host");

    private string VersionFile => Path.Combine(Data, "state", "PG_VERSION");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_ServerOfTheStateIsGone_KeepsItAsideAndBeginsAfresh()
    {
        await MakeStateAsync();
        await File.WriteAllTextAsync(VersionFile, "13\n");

        await using (var fresh = Cluster())
        {
            (await ScalarAsync(fresh, "SELECT to_regclass('kept') IS NULL")).ShouldBe(true);
            var aside = fresh.Folders.KeptAside().ShouldHaveSingleItem();
            Path.GetFileName(aside).ShouldMatch(@"^state\.postgresql-13\.\d{8}T\d{6}Z$");
            (await File.ReadAllTextAsync(Path.Combine(aside, "PG_VERSION"))).ShouldBe("13\n");
        }

        // As the log says: with its server back, it goes back to its place.
        var kept = new ClusterFolders(Data).KeptAside()[0];
        await File.WriteAllTextAsync(Path.Combine(kept, "PG_VERSION"), "15\n");
        Directory.Move(Path.Combine(Data, "state"), Path.Combine(Data, "moved"));
        Directory.Move(kept, Path.Combine(Data, "state"));
        await using var back = Cluster();
        (await ScalarAsync(back, "SELECT n FROM kept")).ShouldBe(7);
    }

    [Fact]
    public async Task Open_OtherVersionIsNamedByTheSettings_StillUsesTheServerOfTheState()
    {
        await MakeStateAsync();
        await using var cluster = Cluster(binaries: await FakeServerAsync("#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n"));

        (await ScalarAsync(cluster, "SELECT n FROM kept")).ShouldBe(7);
        cluster.Folders.KeptAside().ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_ProgramsThatDoNotRun_ArePassedOver()
    {
        await MakeStateAsync();
        await using var cluster = Cluster(binaries: await FakeServerAsync("#!/nowhere/interpreter\n"));

        (await ScalarAsync(cluster, "SELECT n FROM kept")).ShouldBe(7);
    }

    [Theory]
    [InlineData("98", "made by PostgreSQL 98")]
    [InlineData("9.6", "holds '9.6'")]
    [InlineData("", "holds ''")]
    public async Task Open_StateOfANewerOrUnknownServer_IsLeftWhereItIs(string version, string expected)
    {
        await MakeStateAsync();
        await File.WriteAllTextAsync(VersionFile, version + "\n");
        await using var cluster = Cluster();

        (await FailsAsync(cluster)).Message.ShouldContain(expected);
        cluster.Folders.KeptAside().ShouldBeEmpty();
        File.Exists(VersionFile).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_AnotherHostUsesTheState_LeavesItWhereItIs()
    {
        await MakeStateAsync();
        await File.WriteAllTextAsync(VersionFile, "13\n");
        await using var other = FileLock.Share(new ClusterFolders(Data).UseLock);
        await using var cluster = Cluster();

        (await FailsAsync(cluster)).Message.ShouldContain("another host still works in");
        File.Exists(VersionFile).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_FolderWasMovedUnderItsRunningServer_IsNotTakenForIt()
    {
        await MakeStateAsync();
        var programs = (await ServerBinaries.OfMajorAsync(null, 15, CancellationToken.None))!;
        await new ClusterServer(new ClusterFolders(Data), programs, TimeProvider.System).StartOrAdoptAsync(CancellationToken.None);
        var moved = Path.Combine(Data, "moved");
        Directory.Move(Path.Combine(Data, "state"), moved);
        await using (var cluster = Cluster())
        {
            (await FailsAsync(cluster)).Message.ShouldContain("other data lies there now");
        }

        (await ServerAccount.RunAsync(new Command(programs.Path("pg_ctl"), ["-D", moved, "-m", "immediate", "-w", "stop"]), CancellationToken.None)).ExitCode.ShouldBe(0);
        await using var fresh = Cluster();
        (await ScalarAsync(fresh, "SELECT to_regclass('kept') IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task Revive_ServerOfTheStateIsGoneUnderARunningHost_LeavesItWhereItIs()
    {
        await using var cluster = Cluster();
        await cluster.OpenAsync(CancellationToken.None);
        await File.WriteAllTextAsync(VersionFile, "13\n");

        var error = await Should.ThrowAsync<PgdrException>(() => cluster.ReviveAsync(CancellationToken.None));

        error.Message.ShouldContain("made by PostgreSQL 13");
        await File.WriteAllTextAsync(VersionFile, "15\n");
    }

    [Fact]
    public async Task Look_StateOfAServerThatIsGone_SaysWhatAHostWouldDo()
    {
        await MakeStateAsync();
        await File.WriteAllTextAsync(VersionFile, "13\n");
        await using var look = Cluster(isLook: true);

        (await FailsAsync(look)).Message.ShouldContain("keeps the state aside and begins afresh with PostgreSQL");
        look.Folders.KeptAside().ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_NoState_MakesNone()
    {
        await using var look = Cluster(isLook: true);

        (await FailsAsync(look)).Message.ShouldContain("There is no state of a host in");
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Look_ServerIsDown_StartsItForTheLookOnly()
    {
        await MakeStateAsync();

        await using (var look = Cluster(isLook: true))
        {
            (await ScalarAsync(look, "SELECT n FROM kept")).ShouldBe(7);
            look.WasStarted.ShouldBeTrue();
        }

        File.Exists(Path.Combine(Data, "state", "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Look_HostRuns_LeavesItsServerRunning()
    {
        await using var host = Cluster();
        await host.OpenAsync(CancellationToken.None);
        await using (var look = Cluster(isLook: true))
        {
            await look.OpenAsync(CancellationToken.None);
            look.WasStarted.ShouldBeFalse();
        }

        (await ScalarAsync(host, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Look_StateOfAnotherAccount_IsRefusedAndUntouched()
    {
        await MakeStateAsync();
        if (!ServerAccount.IsSubstituted)
        {
            // Only root can give a folder away; what others own, an ordinary account does not even see.
            new FileInfo(VersionFile).Exists.ShouldBeTrue();
            return;
        }

        await CommandLine.RunAsync("chown", "nobody", Path.Combine(Data, "state"));
        await using var look = Cluster(isLook: true);

        (await FailsAsync(look)).Message.ShouldContain("run pgdr as nobody");
    }

    private async Task MakeStateAsync()
    {
        await using var cluster = Cluster();
        await using var command = (await cluster.OpenAsync(CancellationToken.None)).CreateCommand("CREATE TABLE kept AS SELECT 7 AS n");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The same script as each of the programs.</summary>
    private async Task<string> FakeServerAsync(string script)
    {
        var folder = Directory.CreateDirectory(_folder["fake"]).FullName;
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
        {
            var path = Path.Combine(folder, program);
            await File.WriteAllTextAsync(path, script);
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }

        return folder;
    }

    private PrivateClusterDatabase Cluster(string? binaries = null, bool isLook = false) =>
        new(
            new HostSettings { Url = new Uri("http://127.0.0.1:0"), DataFolder = Data, PostgresBinaries = binaries },
            TimeProvider.System,
            NullLogger<PrivateClusterDatabase>.Instance) { IsLookOnly = isLook };

    private static async Task<object?> ScalarAsync(PrivateClusterDatabase cluster, string sql)
    {
        await using var command = (await cluster.OpenAsync(CancellationToken.None)).CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static Task<PgdrException> FailsAsync(PrivateClusterDatabase cluster) =>
        Should.ThrowAsync<PgdrException>(() => cluster.OpenAsync(CancellationToken.None).AsTask());
}
