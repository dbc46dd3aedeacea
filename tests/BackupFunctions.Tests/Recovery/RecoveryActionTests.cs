using BackupFunctions.Contracts.DisasterRecovery;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Recovery;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Recovery;

public sealed class RecoveryActionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Run_CommandEndsWithZero_SaysSoAndKnowsTheRecovery()
    {
        var line = await RunAsync("env > \"$0\"", _folder["env"]);

        line.ShouldBe("sh ended with 0");
        var environment = await File.ReadAllLinesAsync(_folder["env"]);
        environment.ShouldContain("PGDR_DATABASE=shop", StringComparer.Ordinal);
        environment.ShouldContain("PGDR_SERVER=main", StringComparer.Ordinal);
        environment.ShouldContain("PGDR_RESTORE_ID=restore-1", StringComparer.Ordinal);
        environment.ShouldContain(variable => variable.StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SecretsOfTheHost_AreNotPassedOn()
    {
        Environment.SetEnvironmentVariable("PGDR_TEST_APPLICATION_KEY", "canary");
        try
        {
            await RunAsync("env > \"$0\"", _folder["env"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGDR_TEST_APPLICATION_KEY", null);
        }

        (await File.ReadAllTextAsync(_folder["env"])).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Run_CommandFails_SaysExitCodeAndLastLineOfItsErrors()
    {
        var sentence = await RefusedAsync(ErrorCodes.ToolFailed, Command("echo first >&2; echo 'no such unit' >&2; echo >&2; exit 3"));

        sentence.ShouldBe("The restart action failed: sh ended with 3: no such unit; mend it and send 'retry', or 'abort'.");
    }

    [Fact]
    public async Task Run_CommandFailsSilently_SaysExitCode() =>
        (await RefusedAsync(ErrorCodes.ToolFailed, Command("exit 4"))).ShouldContain("sh ended with 4; mend it");

    [Fact]
    public async Task Run_CommandLeavesApplicationRunning_DoesNotWaitForIt()
    {
        // The application keeps the command's standard error open.
        var line = await RunAsync("sleep 300 & echo $! > \"$0\"", _folder["pid"]);

        line.ShouldBe("sh ended with 0");
        using var application = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(_folder["pid"]), System.Globalization.CultureInfo.InvariantCulture));
        application.HasExited.ShouldBeFalse();
        application.Kill();
    }

    [Fact]
    public async Task Run_CommandFailsAndLeavesChildRunning_StillSaysWhy()
    {
        var sentence = await RefusedAsync(
            ErrorCodes.ToolFailed, ("RESTART_COMMAND", JsonSerializer.Serialize(new[] { "sh", "-c", "sleep 300 & echo $! > \"$0\"; echo broken >&2; exit 5", _folder["pid"] })));

        sentence.ShouldContain("sh ended with 5: broken; mend it");
        using var child = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(_folder["pid"]), System.Globalization.CultureInfo.InvariantCulture));
        child.Kill();
    }

    [Fact]
    public async Task Run_ProgramMissing_NamesIt() =>
        (await RefusedAsync(ErrorCodes.ToolFailed, ("RESTART_COMMAND", """["/nowhere/restart-app"]"""))).ShouldContain("/nowhere/restart-app could not be started");

    [Fact]
    public async Task Run_ActionNoLongerConfigured_NamesTheSettings() =>
        (await RefusedAsync(ErrorCodes.InvalidSettings)).ShouldContain("RESTART_COMMAND or RESTART_WEBHOOK");

    [Fact]
    public async Task Run_CommandNeverEnds_IsEndedAfterTenMinutes()
    {
        var time = new ManualTimeProvider();
        var action = Action(time, Command("echo $$ > \"$0.part\"; mv \"$0.part\" \"$0\"; exec sleep 300", _folder["pid"]));
        var running = action.RunAsync(Request(RecoveryActionKind.Restart), CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(_folder["pid"]))
        {
            await Task.Delay(20, limit.Token);
        }

        time.Pass(TimeSpan.FromMinutes(10));

        (await Should.ThrowAsync<PgdrException>(running)).Message.ShouldContain("it did not end within 10 minutes");
        var pid = (await File.ReadAllTextAsync(_folder["pid"], limit.Token)).Trim();
        while (Directory.Exists($"/proc/{pid}"))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task Run_WebhookAnswersWell_PostsTheRecovery(int status)
    {
        await using var receiver = await TinyServer.StartAsync(status);

        var line = await Action(TimeProvider.System, ("REROUTE_WEBHOOK", receiver.Url.ToString())).RunAsync(Request(RecoveryActionKind.Reroute), CancellationToken.None);

        line.ShouldBe($"webhook of 127.0.0.1 answered {status}");
        receiver.Bodies.ShouldHaveSingleItem().ShouldBe("""{"kind":"REROUTE","database":"shop","server":"main","restore_id":"restore-1"}""");
    }

    [Fact]
    public async Task Run_WebhookAnswersBadly_SaysStatusWithoutTheAddress()
    {
        await using var receiver = await TinyServer.StartAsync(500);

        var sentence = await RefusedAsync(ErrorCodes.ToolFailed, ("RESTART_WEBHOOK", receiver.Url.ToString()));

        sentence.ShouldContain("the webhook of 127.0.0.1 answered 500");
        sentence.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Run_WebhookUnreachable_SaysSo() =>
        (await RefusedAsync(ErrorCodes.ToolFailed, ("RESTART_WEBHOOK", $"http://127.0.0.1:{FreePort.Next()}/")))
            .ShouldContain("could not be reached (ConnectionError)");

    [Fact]
    public async Task Run_WebhookNeverAnswers_EndsAfterTenMinutes()
    {
        await using var receiver = await TinyServer.StartAsync();
        var time = new ManualTimeProvider();
        var running = Action(time, ("RESTART_WEBHOOK", receiver.Url.ToString())).RunAsync(Request(RecoveryActionKind.Restart), CancellationToken.None);
        await receiver.Asked;

        time.Pass(TimeSpan.FromMinutes(10));

        (await Should.ThrowAsync<PgdrException>(running)).Message.ShouldContain("it did not end within 10 minutes");
    }

    [Theory]
    [InlineData("Servers__main__Password", true)]
    [InlineData("Targets__b2__SecretKey", true)]
    [InlineData("B2_APPLICATION_KEY", true)]
    [InlineData("R2_SECRET_KEY", true)]
    [InlineData("BACKUP_PRIVATE_KEYS", true)]
    [InlineData("BACKUP_PRIVATE_KEY_PASSPHRASE", true)]
    [InlineData("HOST_MASTER_KEY", true)]
    [InlineData("STATE_CONNECTION", true)]
    [InlineData("AzureWebJobsStorage", true)]
    [InlineData("PGPASSWORD", true)]
    [InlineData("BACKUP_NOTIFY_URL", true)]
    [InlineData("NotifyHooks__ops", true)]
    [InlineData("PATH", false)]
    [InlineData("HOME", false)]
    [InlineData("BACKUP_PRIVATE_KEY_PATHS", false)]
    [InlineData("KEYBOARD", false)]
    public void SecretVariables_ByName_AreRemoved(string name, bool secret)
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal) { [name] = "value" };

        SecretVariables.Remove(environment);

        environment.ContainsKey(name).ShouldBe(!secret);
    }

    public void Dispose() => _folder.Dispose();

    private static RecoveryActionRequest Request(RecoveryActionKind kind) => new(kind, "shop", "main", "restore-1");

    private static RecoveryAction Action(TimeProvider time, params (string Key, string Value)[] settings) =>
        new(Given.Settings(settings), new HttpClients(), time);

    private static (string Key, string Value) Command(params string[] script) =>
        ("RESTART_COMMAND", JsonSerializer.Serialize((string[])["sh", "-c", .. script]));

    private static Task<string> RunAsync(params string[] script) =>
        Action(TimeProvider.System, Command(script)).RunAsync(Request(RecoveryActionKind.Restart), CancellationToken.None);

    private static async Task<string> RefusedAsync(string code, params (string Key, string Value)[] settings)
    {
        var refusal = await Should.ThrowAsync<PgdrException>(
            Action(TimeProvider.System, settings).RunAsync(Request(RecoveryActionKind.Restart), CancellationToken.None));
        refusal.Code.ShouldBe(code);
        return refusal.Message;
    }
}
