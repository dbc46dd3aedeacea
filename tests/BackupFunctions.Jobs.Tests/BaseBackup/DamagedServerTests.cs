using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

public sealed class DamagedServerTests(BaseFixture fixture) : IClassFixture<BaseFixture>
{
    [Fact]
    public async Task Run_ABlockThatDoesNotMatchItsChecksum_FailsAndNamesItsFile()
    {
        using var site = fixture.NewSite();
        var path = (await fixture.Server.ScalarAsync<string>("select pg_relation_filepath('large')"))!;
        await fixture.Server.StopAsync("fast");
        await using (var file = File.Open(Path.Combine(fixture.Server.DataFolder, path), FileMode.Open))
        {
            file.Position = 5000;
            var read = file.ReadByte();
            file.Position = 5000;
            file.WriteByte((byte)(read ^ 1));
        }

        await fixture.Server.StartAgainAsync();

        (await site.BackUpAsync().ShouldFailWithAsync(ErrorCodes.ServerDamaged)).ShouldContain($"in {path} (");
        site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }
}
