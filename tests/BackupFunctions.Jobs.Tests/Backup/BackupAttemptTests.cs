using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class BackupAttemptTests(ServerFixture fixture) : IDisposable
{
    private static readonly ServerIdentity Server = new("7000000000000000001", "15.0", 150000, Timeline: null, Lsn: null);

    private readonly JobSite _site = fixture.NewSite(ServerFixture.Invoices);

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Attempt_DisposedBeforeItIsPublished_LeavesNothing()
    {
        using var keys = Keys();
        await using (var attempt = Begin(keys))
        {
            await WriteAsync(attempt);
            _site.FilesAnywhere().ShouldNotBeEmpty();
        }

        _site.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Attempt_ManifestReachesTooFewTargets_LeavesNothing()
    {
        foreach (var name in new[] { "b", "c" })
        {
            _site.Target(name).FailCreate = key => key.EndsWith("manifest.json", StringComparison.Ordinal)
                ? new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is away.") : null;
        }

        using var keys = Keys();
        await using (var attempt = Begin(keys))
        {
            await WriteAsync(attempt);
            await attempt.PublishAsync(Describe(attempt), State, default).ShouldFailWithAsync(ErrorCodes.CopiesMissing);
        }

        _site.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Attempt_DisposedBetweenPublishingAndReadingBack_StaysABackup()
    {
        using var keys = Keys();
        await using (var attempt = Begin(keys))
        {
            await WriteAsync(attempt);
            await attempt.PublishAsync(Describe(attempt), State, default);
        }

        _site.ManifestsAnywhere().Count.ShouldBe(2 * BackupSite.TargetNames.Count);
    }

    [Fact]
    public async Task Attempts_OneAfterTheOther_AreLinkedOnlyWhenTheyExist()
    {
        using var keys = Keys();
        var first = await TakeAsync(keys);
        await using (var given = Begin(keys))
        {
            await WriteAsync(given);
        }

        var second = await TakeAsync(keys);

        (first.Manifest.Sequence, first.Manifest.PreviousManifestSha256).ShouldBe((1, null));
        (second.Manifest.Sequence, second.Manifest.PreviousManifestSha256).ShouldBe((2, first.Document.Sha256));
        second.Manifest.Objects.Select(stored => stored.Name).ShouldBe(["contents.tink", "data/000001.tink"]);
        second.Manifest.PlainSize.ShouldBe(5);
        second.Manifest.StoredSize.ShouldBe(second.Manifest.Objects.Sum(stored => stored.Size));
    }

    private string State => Path.Combine(_site.Site.RunStore, "run", "state");

    private BackupWriterKeys Keys() => BackupWriterKeys.Load(_site.ReadSettings().Keys);

    private BackupAttempt Begin(BackupWriterKeys keys)
    {
        var environment = _site.Environment;
        var chain = new ManifestChain(environment.Settings.RunStorePath, environment.Settings.ClusterName, ServerFixture.Invoices);
        return new BackupAttempt(environment, keys, chain, environment.OpenTargets());
    }

    private async Task<PublishedBackup> TakeAsync(BackupWriterKeys keys)
    {
        await using var attempt = Begin(keys);
        await WriteAsync(attempt);
        var published = await attempt.PublishAsync(Describe(attempt), State, default);
        (await attempt.CompleteAsync(published, default)).Status.ShouldBe(BackupStatus.Verified);
        return published;
    }

    private static async Task WriteAsync(BackupAttempt attempt)
    {
        await using (var data = await attempt.Objects.CreateDataAsync(default))
        {
            await data.WriteAsync(new byte[] { 1, 2, 3 }, default);
            await data.CompleteAsync(default);
        }

        await attempt.Objects.WriteContentsAsync(stream => stream.WriteAsync(new byte[] { 4, 5 }).AsTask(), default);
    }

    private static Manifest Describe(BackupAttempt attempt) =>
        attempt.Describe(BackupKind.Full, Server, attempt.StartedAt, new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.0" }) with { Database = ServerFixture.Invoices };
}
