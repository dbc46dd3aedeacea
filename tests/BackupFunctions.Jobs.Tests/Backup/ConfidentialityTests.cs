using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class ConfidentialityTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("payroll_secret_table")]
    [InlineData("row-canary")]
    [InlineData("secret-canary")]
    public async Task Objects_OfABackup_HoldNothingOfTheDatabaseInTheClear(string text)
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using (site)
        {
            var files = site.FilesAnywhere();
            files.Count.ShouldBeGreaterThan(20);
            foreach (var file in files)
            {
                (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)).ShouldBe(-1, file);
            }
        }
    }
}
