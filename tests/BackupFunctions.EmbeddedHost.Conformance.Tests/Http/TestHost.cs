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

    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private TestHost(Func<TemporaryFolder, IHost> build) => _host = build(_folder);

    public HttpClient Client { get; } = new();

    public IServiceProvider Services => _host.Services;

    public string Folder => _folder.Path;

    public static async Task<TestHost> StartAsync(
        string stateConnection, Type[] functions, Action<FunctionsApplicationBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var host = new TestHost(folder => Build(folder, stateConnection, functions, configure, settings));
        await host._host.StartAsync();
        host.Client.BaseAddress = new Uri((await File.ReadAllTextAsync(host._folder["url"])).Trim());
        return host;
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

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }

    private static IHost Build(
        TemporaryFolder folder, string stateConnection, Type[] functions, Action<FunctionsApplicationBuilder>? configure, (string Key, string Value)[] settings)
    {
        File.WriteAllText(folder["host.json"], $$"""
            { "version": "2.0", "logging": { "logLevel": { "default": "Error" } }, "extensions": { "durableTask": { "hubName": "{{Guid.NewGuid():N}}" } } }
            """);
        var builder = FunctionsApplication.CreateBuilder([], new HostEnvironment { ContentRoot = folder.Path, SettingsFile = null, FunctionTypes = functions });
        builder.ConfigureFunctionsWebApplication();
        Dictionary<string, string?> values = new(StringComparer.Ordinal)
        {
            ["HOST_URL"] = "http://127.0.0.1:0",
            ["HOST_URL_FILE"] = folder["url"],
            ["DATA_FOLDER"] = folder["data"],
            ["STATE_CONNECTION"] = stateConnection,
            ["HOST_MASTER_KEY"] = MasterKey,
            ["HOST_FUNCTION_KEY"] = FunctionKey,
            ["HOST_SYSTEM_KEY"] = SystemKey,
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        configure?.Invoke(builder);
        return builder.Build();
    }
}
