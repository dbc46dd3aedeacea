using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.TestSupport;

/// <summary>
/// A real S3 store: Ceph with one monitor, one OSD in memory and one RADOS Gateway on loopback ports. It ends with this object and
/// also when the test process is killed, since it lives no longer than the pipe to it. Several may run. Starting takes some 10 s.
/// </summary>
public sealed class CephGateway : IAsyncDisposable
{
    private const string Secret = "test-key-of-ceph";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private int _buckets;

    private CephGateway(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Endpoint => $"http://127.0.0.1:{Port}";

    public string Region => "default";

    public string AccessKey => "test-access-key";

    /// <summary>Of a user whose quota is 4 KiB; same secret.</summary>
    public string AccessKeyWithoutSpace => "test-access-key-full";

    /// <summary>Stands on the command line of the script that starts Ceph: not a part of the servers' password, which tests look for there.</summary>
    public string SecretKey => Secret;

    public static async Task<CephGateway> StartAsync()
    {
        var system = await CephInstallation.EnsureAsync();
        var port = FreePort.Next();
        string[] arguments = [system, $"{FreePort.Next()}", $"{port}", "test-access-key", Secret];
        var start = new ProcessStartInfo(Repository.PathOf("tests/start-ceph.sh"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var gateway = new CephGateway(process, port);
        try
        {
            await gateway.UntilReadyAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a bucket of its own, so that tests do not see each other's objects.</summary>
    /// <param name="accessKey">Its owner, <see cref="AccessKey"/> by default.</param>
    /// <param name="withObjectLock">With versioning too, which Object Lock needs.</param>
    public async Task<string> CreateBucketAsync(string? accessKey = null, bool withObjectLock = false)
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}";
        using var client = Client(accessKey ?? AccessKey);
        await client.PutBucketAsync(new PutBucketRequest { BucketName = name, ObjectLockEnabledForBucket = withObjectLock });
        return name;
    }

    /// <summary>The vendor's client, to look at a bucket without the code under test.</summary>
    public AmazonS3Client Client(string? accessKey = null) => new(
        new BasicAWSCredentials(accessKey ?? AccessKey, SecretKey),
        new AmazonS3Config { ServiceURL = Endpoint, AuthenticationRegion = Region, ForcePathStyle = true });

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
        var errors = _process.StandardError.ReadToEndAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(StartPatience);
        if (line is not "ready")
        {
            throw new InvalidOperationException($"Ceph did not start: {line} {await errors}");
        }
    }
}
