using System.Diagnostics;
using System.Net.Sockets;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace BackupFunctions.TestSupport;

/// <summary>
/// Azurite, Microsoft's emulator of Azure Blob Storage, on a loopback port with its data in memory. It ends with this object and also
/// when the test process is killed, since it lives no longer than the pipe to it. Several may run. Starting takes some 2 s.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "testaccount";
    private const string Key = "dGVzdC1zZWNyZXQtY2FuYXJ5LW9mLWF6dXJpdGU=";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private int _containers;

    private AzuriteServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string AccountName => Account;

    /// <summary>Base64.</summary>
    public string AccountKey => Key;

    public Uri Endpoint => EndpointAt(Port);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint={Endpoint}";

    /// <param name="megabytes">What it holds at most; null: half of the memory.</param>
    public static async Task<AzuriteServer> StartAsync(int? megabytes = null)
    {
        var main = await AzuriteInstallation.EnsureAsync();
        var port = FreePort.Next();
        string[] command =
        [
            "node", main, "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--inMemoryPersistence", "--silent", "--disableTelemetry",
            .. megabytes is null ? Array.Empty<string>() : ["--extentMemoryLimit", $"{megabytes}"],
        ];

        // The shell outlives neither its input nor its child.
        var start = new ProcessStartInfo("sh", ["-c", "\"$@\" < /dev/null > /dev/null 2>&1 & cat; kill $!", "azurite", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{Key}";
        var server = new AzuriteServer(Process.Start(start)!, port);
        try
        {
            await server.UntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The account through another port of this machine.</summary>
    public Uri EndpointAt(int port) => new($"http://127.0.0.1:{port}/{AccountName}");

    /// <summary>Creates a container of its own, so that tests do not see each other's blobs.</summary>
    public async Task<string> CreateContainerAsync()
    {
        var name = $"container-{Interlocked.Increment(ref _containers)}";
        await Client(name).CreateAsync();
        return name;
    }

    /// <summary>The vendor's client, to look at a container without the code under test.</summary>
    public BlobContainerClient Client(string container) =>
        new(new Uri($"{Endpoint}/{container}"), new StorageSharedKeyCredential(AccountName, AccountKey));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            using var patience = new CancellationTokenSource(EndPatience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task UntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        while (true)
        {
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync("127.0.0.1", Port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
            }
        }
    }
}
