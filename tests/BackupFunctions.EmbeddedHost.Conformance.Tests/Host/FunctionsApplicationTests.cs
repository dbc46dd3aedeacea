using System.Diagnostics;
using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Http;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Host;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Http;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

public sealed class FunctionsApplicationTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Conforms("POST admin/functions/{name} runs a timer by the same path as its schedule, retry attribute included", Source.FunctionsHost)]
    public async Task Host_TimerRunByHand_UsesTheSchedulesOwnPath()
    {
        var recorder = new TimerRecorder();
        await using var host = await TestHost.StartAsync(
            database.ConnectionString, [typeof(TimerFunctions)], builder => builder.Services.AddSingleton(recorder));

        (await recorder.NextAsync()).ShouldBe("startup, attempt 1");
        using var response = await host.SendAsync(HttpMethod.Post, "/admin/functions/OnStartup", TestHost.MasterKey);

        ((int)response.StatusCode).ShouldBe(202);
        (await recorder.NextAsync()).ShouldBe("startup, attempt 2");
        (await recorder.NextAsync()).ShouldBe("startup, attempt 3");
    }

    [Fact]
    [Conforms("Port 0 takes a free port and writes the address to HOST_URL_FILE", Source.Own)]
    public async Task Host_PortZero_WritesTheRealAddress()
    {
        await using var host = await TestHost.StartAsync(database.ConnectionString, [typeof(HttpFunctions)]);

        host.Client.BaseAddress!.Port.ShouldBeGreaterThan(0);
        (await host.SendAsync(HttpMethod.Get, "/api/anyverb")).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    [Conforms("Host.CORS of local.settings.json names the origins that may call", Source.FunctionsHost)]
    public async Task Host_OriginsAllowed_AnswersPreflight()
    {
        await using var host = await TestHost.StartAsync(
            database.ConnectionString, [typeof(HttpFunctions)], null, ("LocalHost:CORS", "https://one.example"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/items");
        preflight.Headers.Add("Origin", "https://one.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        using var response = await host.Client.SendAsync(preflight);

        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://one.example"]);
    }

    [Fact]
    [Conforms("A wrong function ends the start before anything runs", Source.Own)]
    public void Build_WrongFunction_FailsBeforeAnythingStarts()
    {
        var builder = Builder(typeof(NoTrigger));

        Should.Throw<PgdrException>(() => builder.Build()).Message.ShouldContain("NoTrigger.Run cannot be a function");
    }

    [Theory]
    [InlineData("HOST_URL", "nowhere")]
    [InlineData("WEBSITE_TIME_ZONE", "Mars/Olympus")]
    [Conforms("A wrong setting ends the start and is named", Source.Own)]
    public void Build_WrongSetting_NamesIt(string setting, string value)
    {
        var builder = Builder(typeof(TimerFunctions));
        builder.Configuration[setting] = value;

        Should.Throw<PgdrException>(() => builder.Build()).Message.ShouldContain(setting);
    }

    [Fact]
    [Conforms("A host.json that is no JSON ends the start and is named", Source.FunctionsHost)]
    public void CreateBuilder_BrokenHostJson_NamesTheFile()
    {
        File.WriteAllText(_folder["host.json"], "{");

        Should.Throw<PgdrException>(() => Builder()).Message.ShouldContain("host.json is not valid JSON");
    }

    [Fact]
    [Conforms("An unreachable state database ends the start without showing the password", Source.Own)]
    public async Task Start_StateUnreachable_NamesTheSettingAndNoPassword()
    {
        var error = await Should.ThrowAsync<PgdrException>(() => TestHost.StartAsync(
            $"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=secret-canary", [typeof(HttpFunctions)]));

        error.Code.ShouldBe(ErrorCodes.ServerUnreachable);
        error.Message.ShouldContain("STATE_CONNECTION");
        error.ToString().ShouldNotContain("secret-canary");
    }

    [Theory]
    [InlineData("backup.example.org", "https://backup.example.org/")]
    [InlineData("localhost:7071", "http://localhost:7071/")]
    [InlineData(null, "http://127.0.0.1:7071/")]
    [Conforms("Links use WEBSITE_HOSTNAME when it is set: https, and http for this machine", Source.FunctionsHost)]
    public void PublicAddress_HostnameSetting_WinsOverListening(string? name, string expected) => Address(name).Public.ToString().ShouldBe(expected);

    [Fact]
    [Conforms("A WEBSITE_HOSTNAME that is no name is refused", Source.Own)]
    public void PublicAddress_NoName_IsRefused() =>
        Should.Throw<PgdrException>(() => Address("https://x/y")).Message.ShouldContain("WEBSITE_HOSTNAME");

    [Fact]
    [Conforms("A port that is taken ends the start", Source.Own)]
    public async Task Start_PortTaken_Fails()
    {
        await using var first = await TestHost.StartAsync(database.ConnectionString, [typeof(HttpFunctions)]);

        await Should.ThrowAsync<IOException>(() => TestHost.StartAsync(
            database.ConnectionString, [typeof(HttpFunctions)], null, ("HOST_URL", first.Client.BaseAddress!.ToString().TrimEnd('/'))));
    }

    [Fact]
    [Conforms("Without STATE_CONNECTION the host runs its own server and stops it at its end", Source.Own)]
    public async Task Host_WithoutStateConnection_RunsOnItsOwnServerAndStopsIt()
    {
        var server = 0;
        await using (var host = await TestHost.StartAsync(string.Empty, [typeof(HttpFunctions), typeof(WorkflowFunctions)], AllowPassage))
        {
            using var start = await host.SendAsync(HttpMethod.Post, "/api/hello/Ada", TestHost.FunctionKey);
            ((int)start.StatusCode).ShouldBe(202);
            var pidFile = Path.Combine(host.Folder, "data", "state", "postmaster.pid");
            server = int.Parse((await File.ReadAllLinesAsync(pidFile))[0], CultureInfo.InvariantCulture);
            Process.GetProcessById(server).HasExited.ShouldBeFalse();
        }

        // pg_ctl has seen the pid file go; the process itself ends a moment later.
        SpinWait.SpinUntil(() => !IsRunning(server), TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    [Fact]
    [Conforms("Only a client bound by [DurableClient] knows the management links", Source.Own)]
    public void CreateHttpManagementPayload_ClientNotBound_SaysSo()
    {
        using var host = Builder().Build();

        Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<DurableTaskClient>().CreateHttpManagementPayload("id"))
            .Message.ShouldContain("[DurableClient]");
    }

    private static void AllowPassage(FunctionsApplicationBuilder builder)
    {
        if (!OperatingSystem.IsWindows())
        {
            var root = builder.Environment.ContentRootPath;
            File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.OtherExecute);
        }
    }

    private static HostAddress Address(string? name)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_HOSTNAME", name)]).Build();
        return new HostAddress(HostSettings.From(configuration), configuration);
    }

    private FunctionsApplicationBuilder Builder(params Type[] types)
    {
        var builder = FunctionsApplication.CreateBuilder([], new HostEnvironment { ContentRoot = _folder.Path, SettingsFile = null, FunctionTypes = types });
        builder.Configuration.AddInMemoryCollection([new("DATA_FOLDER", _folder["data"]), new("STATE_CONNECTION", database.ConnectionString)]);
        return builder;
    }

    /// <summary>A zombie has ended: only nobody has asked for its exit code yet.</summary>
    private static bool IsRunning(int process)
    {
        var stat = $"/proc/{process}/stat";
        try
        {
            return File.ReadAllText(stat).Split(") ")[1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    public sealed class NoTrigger
    {
        [Function("F")]
        public void Run(string text) => _ = text;
    }
}
