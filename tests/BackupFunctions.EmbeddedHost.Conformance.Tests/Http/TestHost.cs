using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>The whole host on a free port, with given functions and settings, and keys that are known.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string MasterKey = "master-key-of-the-test";
    public const string FunctionKey = "function-key-of-the-test";
    public const string SystemKey = "system+key/of=the-test";

    private readonly TemporaryFolder _folder;
    private readonly IHost _host;

    private TestHost(TemporaryFolder folder, TestHostSetup setup) => (_folder, _host) = (folder, Build(folder, setup));

    public HttpClient Client { get; } = new();

    public IServiceProvider Services => _host.Services;

    public string Folder => _folder.Path;

    public static Task<TestHost> StartAsync(
        string stateConnection, Type[] functions, Action<FunctionsApplicationBuilder>? configure = null, params (string Key, string Value)[] settings) =>
        StartAsync(new TestHostSetup(stateConnection, functions) { Configure = configure, Settings = settings });

    public static async Task<TestHost> StartAsync(TestHostSetup setup)
    {
        var folder = new TemporaryFolder();
        try
        {
            var host = new TestHost(folder, setup);
            await host._host.StartAsync();
            host.Client.BaseAddress = new Uri((await File.ReadAllTextAsync(folder["url"])).Trim());
            return host;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await Client.SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var response = await SendAsync(method, path, key, content);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<int> CodeAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var response = await SendAsync(method, path, key, content);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }

    private static IHost Build(TemporaryFolder folder, TestHostSetup setup)
    {
        File.WriteAllText(folder["host.json"], setup.HostJsonText());
        if (setup.LocalSettings is { } local)
        {
            File.WriteAllText(folder["local.settings.json"], local);
        }

        var builder = FunctionsApplication.CreateBuilder(
            [], new HostEnvironment { ContentRoot = folder.Path, SettingsFile = null, FunctionTypes = setup.Functions });
        builder.ConfigureFunctionsWebApplication();
        builder.Configuration.AddInMemoryCollection(setup.Values(folder.Path));
        setup.Configure?.Invoke(builder);
        return builder.Build();
    }
}
