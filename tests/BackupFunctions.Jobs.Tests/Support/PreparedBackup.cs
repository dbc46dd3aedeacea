using BackupFunctions.Contracts.Backups;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A real backup, taken once; tests get copies of its files.</summary>
internal sealed class PreparedBackup : IDisposable
{
    private readonly ServerFixture _fixture;
    private readonly JobSite _site;

    private PreparedBackup(ServerFixture fixture, JobSite site, string backupId)
    {
        _fixture = fixture;
        _site = site;
        BackupId = backupId;
    }

    public string BackupId { get; }

    public static async Task<PreparedBackup> TakeAsync(ServerFixture fixture)
    {
        var site = fixture.NewSite(ServerFixture.Invoices);
        var backup = await site.BackUpAsync(ServerFixture.Invoices);
        backup.Status.ShouldBe(BackupStatus.Verified);
        return new PreparedBackup(fixture, site, backup.BackupId);
    }

    public async Task<JobSite> CopyAsync()
    {
        var copy = _fixture.NewSite(ServerFixture.Invoices);
        foreach (var name in BackupSite.TargetNames)
        {
            await CommandLine.RunAsync("cp", "-r", _site.Site.TargetFolder(name), copy.Site.TargetFolder(name));
        }

        return copy;
    }

    public void Dispose() => _site.Dispose();
}
