using System.Diagnostics;
using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Tools;

public sealed class PgToolRunnerTests : IDisposable
{
    private static readonly ServerConnection Server = new() { Name = "main", Host = "db", Username = "u", Password = "a:b\\c" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_WithAPassword_GivesItByAPrivateFileThatIsGoneAfterwards()
    {
        var lines = await LinesAsync("stat -c %a \"$PGPASSFILE\"; stat -c %a \"$(dirname \"$PGPASSFILE\")\"; cat \"$PGPASSFILE\"; echo \"$PGPASSFILE\"", Server);

        lines[..3].ShouldBe(["600", "700", "*:*:*:*:a\\:b\\\\c"]);
        File.Exists(lines[3]).ShouldBeFalse();
        Directory.Exists(Path.GetDirectoryName(lines[3])).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_InAProcessThatHoldsSecrets_PassesNoneOfThemOn()
    {
        Environment.SetEnvironmentVariable("R2_SECRET_KEY", "canary");
        Environment.SetEnvironmentVariable("PGHOST", "elsewhere");
        try
        {
            var environment = string.Join('\n', await LinesAsync("env", Server));

            environment.ShouldNotContain("canary");
            environment.ShouldNotContain("elsewhere");
            environment.ShouldContain("LC_ALL=C");
            environment.ShouldContain("-c TimeZone=UTC -c bytea_output=hex -c lc_monetary=C");
        }
        finally
        {
            Environment.SetEnvironmentVariable("R2_SECRET_KEY", null);
            Environment.SetEnvironmentVariable("PGHOST", null);
        }
    }

    [Fact]
    public async Task Run_WithAPasswordOfTwoLines_IsRefused() =>
        (await Should.ThrowAsync<PgdrException>(() => LinesAsync("true", Server with { Password = "a\nb" }))).Code.ShouldBe(ErrorCodes.InvalidSettings);

    [Fact]
    public async Task Run_WithInput_GivesAllOfItAndItsEnd()
    {
        var output = new List<string>();
        var command = new ToolCommand(FakeTools.WriteScript(_folder["tool"], "wc -c"), [])
        {
            Input = static async (input, token) => await input.WriteAsync(new byte[1_000_000], token),
            OutputLine = output.Add,
        };

        await PgToolRunner.RunCheckedAsync(command, default);

        output.Single().Trim().ShouldBe("1000000");
    }

    [Fact]
    public async Task Run_OfAToolThatStopsReading_SaysWhatTheToolSays()
    {
        var command = new ToolCommand(FakeTools.WriteScript(_folder["psql"], "read line; echo 'psql:<stdin>:1: ERROR:  no such type' >&2; exit 3"), [])
        {
            Input = WriteForEverAsync,
        };

        var failure = await Should.ThrowAsync<PgdrException>(() => PgToolRunner.RunCheckedAsync(command, default));

        failure.Message.ShouldContain("ERROR:  no such type");
    }

    [Fact]
    public async Task Run_OfAToolThatEndsWellBeforeItsInput_IsAFailureAllTheSame()
    {
        var command = new ToolCommand(FakeTools.WriteScript(_folder["tool"], "exit 0"), []) { Input = WriteForEverAsync };

        await Should.ThrowAsync<ToolInputClosedException>(() => PgToolRunner.RunCheckedAsync(command, default));
    }

    [Fact]
    public async Task Run_WhoseInputFails_EndsTheToolAndThrowsThat()
    {
        var command = new ToolCommand(FakeTools.WriteScript(_folder["tool"], "cat > /dev/null"), [])
        {
            Input = static (_, _) => throw new InvalidDataException("source gone"),
        };

        (await Should.ThrowAsync<InvalidDataException>(() => PgToolRunner.RunCheckedAsync(command, default))).Message.ShouldBe("source gone");
    }

    [Fact]
    public async Task Run_WithArgumentsAShellWouldTake_PassesThemAsTheyAre()
    {
        var output = new List<string>();
        var script = FakeTools.WriteScript(_folder["tool"], "for a; do echo \"$a\"; done");

        await PgToolRunner.RunAsync(new ToolCommand(script, ["$(id)", "a b", "--x=`y`", "-h"]) { OutputLine = output.Add }, default);

        output.ShouldBe(["$(id)", "a b", "--x=`y`", "-h"]);
    }

    [Theory]
    [InlineData("echo 'pg_dump: error: could not write: No space left on device' >&2; exit 1", ErrorCodes.DiskFull)]
    [InlineData("echo 'pg_dump:pg_dump:  error: error: could not write: No space left on device' >&2; echo 'pg_dump: error: a worker process died unexpectedly' >&2; exit 1", ErrorCodes.DiskFull)]
    [InlineData("echo 'pg_dump: pg_dump:error:  could not write: No space left on device' >&2; echo 'pg_dump: error: a worker process died unexpectedly' >&2; exit 1", ErrorCodes.DiskFull)]
    [InlineData("echo 'pg_dump: dumping TABLE \"error: No space left on device\"' >&2; echo 'pg_dump: error: surprise' >&2; exit 1", ErrorCodes.ToolFailed)]
    [InlineData("echo 'pg_dump: error: query failed: ERROR:  permission denied for table t' >&2; exit 1", ErrorCodes.PermissionMissing)]
    [InlineData("echo 'pg_dump: error: x FATAL:  password authentication failed for user' >&2; exit 1", ErrorCodes.ServerRefusedLogin)]
    [InlineData("echo 'pg_dump: error: connection to server at \"h\" failed' >&2; exit 1", ErrorCodes.ServerUnreachable)]
    [InlineData("echo 'pg_dump: last built-in OID' >&2; echo 'pg_dump: error: surprise' >&2; echo 'Command was: secret-canary' >&2; exit 1", ErrorCodes.ToolFailed)]
    [InlineData("exit 3", ErrorCodes.ToolFailed)]
    [InlineData("kill -9 $$", ErrorCodes.ToolFailed)]
    public async Task RunChecked_OfAToolThatFails_NamesTheCause(string body, string code)
    {
        var command = new ToolCommand(FakeTools.WriteScript(_folder["pg_dump"], body), []);

        var failure = await Should.ThrowAsync<PgdrException>(() => PgToolRunner.RunCheckedAsync(command, default));

        failure.Code.ShouldBe(code);
        failure.Message.ShouldStartWith("pg_dump failed");
        failure.Message.ShouldNotContain("secret-canary");
    }

    [Fact]
    public async Task Run_OfAToolThatPrintsWithoutEnd_KeepsLinesBounded()
    {
        var longest = 0;
        var script = FakeTools.WriteScript(_folder["tool"], "head -c 5000000 /dev/zero | tr '\\0' 'e' >&2");

        await PgToolRunner.RunAsync(new ToolCommand(script, []) { ErrorLine = line => longest = Math.Max(longest, line.Length) }, default);

        longest.ShouldBe(4096);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheToolAndItsChildren()
    {
        using var stop = new CancellationTokenSource();
        var child = new TaskCompletionSource<int>();
        var script = FakeTools.WriteScript(_folder["tool"], "sleep 600 & echo $!; wait");
        var run = PgToolRunner.RunAsync(
            new ToolCommand(script, []) { OutputLine = line => child.SetResult(int.Parse(line, CultureInfo.InvariantCulture)) }, stop.Token);
        var processId = await child.Task;

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        SpinWait.SpinUntil(() => !IsRunning(processId), TimeSpan.FromSeconds(10)).ShouldBeTrue("the child outlived the tool it belonged to");
    }

    [Fact]
    public async Task Run_StartedByAThreadThatEnds_GoesOn()
    {
        // The kernel's parent-death signal follows the thread that started the tool.
        Task<ToolResult>? run = null;
        var started = new TaskCompletionSource();
        var finish = _folder["finish"];
        var script = FakeTools.WriteScript(_folder["tool"], $"echo up; while [ ! -e {finish} ]; do sleep 0.05; done; exit 7");
        var thread = new Thread(() => run = PgToolRunner.RunAsync(new ToolCommand(script, []) { OutputLine = _ => started.TrySetResult() }, default));
        thread.Start();
        thread.Join();
        await started.Task;
        await File.WriteAllTextAsync(finish, "");

        (await run!).ExitCode.ShouldBe(7);
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }

    private async Task<string[]> LinesAsync(string body, ServerConnection server)
    {
        var lines = new List<string>();
        var command = new ToolCommand(FakeTools.WriteScript(_folder["tool"], body), []) { Server = server, OutputLine = lines.Add };
        (await PgToolRunner.RunAsync(command, default)).ExitCode.ShouldBe(0);
        return [.. lines];
    }

    private static async Task WriteForEverAsync(Stream input, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await input.WriteAsync("line\n"u8.ToArray(), cancellationToken);
            }
            catch (IOException e)
            {
                throw new ToolInputClosedException(e);
            }
        }
    }
}
