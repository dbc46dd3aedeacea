using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The sample database's backup in a bucket, which is read first, and in a folder.</summary>
public sealed class S3SampleServer : SampleServer
{
    private string _bucket = null!;

    public CephGateway Gateway { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        Gateway = await CephGateway.StartAsync();
        _bucket = await Gateway.CreateBucketAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Gateway.DisposeAsync();
    }

    public override Dictionary<string, string> Settings()
    {
        var settings = base.Settings();
        settings.Remove("Targets__first__Path");
        settings["Targets__first__Type"] = "s3";
        settings["Targets__first__Endpoint"] = Gateway.Endpoint;
        settings["Targets__first__Region"] = Gateway.Region;
        settings["Targets__first__Bucket"] = _bucket;
        settings["Targets__first__AccessKey"] = Gateway.AccessKey;
        settings["Targets__first__SecretKey"] = Gateway.SecretKey;
        return settings;
    }
}
