using System.Diagnostics;
using System.Globalization;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

/// <summary>A real server that archives by pgdr as its archive_command.</summary>
public sealed class WalPushCommandTests : IAsyncLifetime, IDisposable
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "pgdr-wal-push");

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(4));
    private readonly TemporaryFolder _folder = new();
    private PostgresServer _server = null!;
    private BackupSite _site = null!;

    public BackupKeys Keys { get; } = new();

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(15, "archive_mode = on", "archive_command = 'false'", "wal_level = replica", "max_wal_size = 1GB");
        _site = new BackupSite(_server, Keys);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _site.Dispose();
        _folder.Dispose();
        Keys.Dispose();
    }

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task ArchiveCommand_OfARealServer_ArchivesEverythingAlsoThroughCrashes()
    {
        await SwitchAsync(12);
        await ArchiveByAsync(await InstallAsync());

        await ArchivedAsync();
        await SwitchAsync(3);
        await _server.StopAsync();
        await _server.StartAgainAsync();
        await SwitchAsync(3);
        await ArchivedAsync();

        var status = await Pgdr.RunAsync(_site, "wal", "status", "--json");
        status.ExitCode.ShouldBe(0, status.Output + status.Error);
        status.Json["servers"]![0]!["ranges"]!.AsArray().Count.ShouldBe(1);
        status.Json["servers"]![0]!["ranges"]![0]!["segments"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public async Task Script_WhatIsDurable_EndsWithoutStartingPgdr()
    {
        await SwitchAsync(3);
        var ready = Ready();
        (await ScriptAsync(ready[0])).ShouldSucceed();
        var first = await Pgdr.RunAsync(_site, "wal", "push", PathOf(ready[1]), "--pgdata", _server.DataFolder, "--state", _folder["state"], "--json");
        first.ShouldSucceed().Json["pushed"]!.GetValue<int>().ShouldBe(0, "the first call took the others with it");

        // No pgdr beside it: only what needs none can end well.
        var alone = _folder["pgdr-wal-push"];
        File.Copy(Script, alone);
        (await ScriptAsync(ready[1], alone)).ShouldSucceed();
        File.SetLastWriteTimeUtc(PathOf(ready[2]), new DateTime(2026, 11, 21, 1, 2, 3, DateTimeKind.Utc));
        (await ScriptAsync(ready[2], alone)).ExitCode.ShouldNotBe(0);
        (await ScriptAsync(ready[2])).ShouldSucceed();
        (await ScriptAsync(ready[2], alone)).ShouldSucceed();
    }

    [Fact]
    public async Task Push_WhatCannotBeDurable_EndsWithACodeThatPostgresTriesAgain()
    {
        await SwitchAsync(1);
        foreach (var name in BackupSite.TargetNames)
        {
            _site.Settings[$"Targets__{name}__Path"] = "/proc/nothing";
        }

        var away = await PushAsync(PathOf(Ready()[0]));
        _site.Settings["BACKUP_SIGNING_KEY_PATH"] = "/no/such/key";
        var keyless = await PushAsync(PathOf(Ready()[0]));
        var absent = await PushAsync("pg_wal/0000000100000000000000FF");

        foreach (var result in new[] { away, keyless, absent })
        {
            result.ExitCode.ShouldBeInRange(1, 125);
            result.Error.ShouldContain("pgdr: ");
            result.Error.ShouldNotContain("   at ");
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Push_Stopped_IsSafeToRepeat(string signal)
    {
        await SwitchAsync(12);
        using var process = Pgdr.Start(_site, "wal", "push", PathOf(Ready()[0]), "--pgdata", _server.DataFolder, "--state", _folder["state"]);
        var ended = Pgdr.EndAsync(process);
        while (!process.HasExited && (!Directory.Exists(_folder["state/durable"]) || !Directory.EnumerateFiles(_folder["state/durable"]).Any()))
        {
            await Task.Delay(5, _patience.Token);
        }

        await SignalAsync(process, signal);
        var result = await ended;

        if (signal == "TERM")
        {
            result.ExitCode.ShouldBeInRange(0, 125);
        }

        foreach (var file in Ready())
        {
            (await ScriptAsync(file)).ShouldSucceed();
        }

        (await Pgdr.RunAsync(_site, "wal", "status", "--json")).Json["servers"]![0]!["ranges"]!.AsArray().Count.ShouldBe(1);
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private Task<PgdrResult> PushAsync(string path) => Pgdr.RunAsync(_site, "wal", "push", path, "--pgdata", _server.DataFolder, "--state", _folder["state"]);

    private IReadOnlyList<string> Ready() =>
        [.. Directory.EnumerateFiles(Path.Combine(_server.DataFolder, "pg_wal", "archive_status"), "*.ready").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private string PathOf(string file) => Path.Combine(_server.DataFolder, "pg_wal", file);

    private async Task<PgdrResult> ScriptAsync(string file, string? script = null)
    {
        var start = new ProcessStartInfo(script ?? Script, [_folder["state"], "pg_wal/" + file])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _server.DataFolder,
        };
        foreach (var (name, value) in _site.Settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        return await Pgdr.EndAsync(process);
    }

    private async Task SwitchAsync(int segments)
    {
        for (var segment = 0; segment < segments; segment++)
        {
            await _server.ExecuteAsync("create table if not exists t(i int); insert into t values (1); select pg_switch_wal();");
        }
    }

    /// <summary>pgdr, keys, targets and settings as the server's account can use them.</summary>
    /// <returns>archive_command.</returns>
    private async Task<string> InstallAsync()
    {
        var program = _folder["pgdr"];
        await CommandLine.RunAsync("cp", "-r", AppContext.BaseDirectory, program);
        await File.WriteAllLinesAsync(_folder["environment"], _site.Settings.Select(setting => $"export {setting.Key}='{setting.Value}'"));
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "-R", "postgres", _folder.Path, _site.Folder, Path.GetDirectoryName(Keys.Folder)!);
        }

        return $". {_folder["environment"]} && {Path.Combine(program, "pgdr-wal-push")} {_folder["state"]} %p";
    }

    private async Task ArchiveByAsync(string command)
    {
        await _server.ExecuteAsync($"alter system set archive_command = '{command}'");
        await _server.ExecuteAsync("select pg_reload_conf()");
    }

    private async Task ArchivedAsync()
    {
        while (Ready().Count > 0)
        {
            await Task.Delay(100, _patience.Token);
        }
    }
}
