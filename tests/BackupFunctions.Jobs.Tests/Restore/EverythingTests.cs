using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>One of everything that a database may hold, through the real jobs: the schema by pg_dump, the data by the digests of the restore.</summary>
public sealed class EverythingTests
{
    [Theory]
    [InlineData(15, 15)]
    public Task Everything_RestoredOntoTheSameVersion_IsTheSame(int from, int to) => RoundTripAsync(from, to);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    [InlineData(17, 17)]
    [InlineData(17, 18)]
    [InlineData(18, 18)]
    [InlineData(17, 15)]
    [InlineData(18, 15)]
    [InlineData(18, 17)]
    public Task Everything_RestoredOntoAnyVersion_IsTheSame(int from, int to) => RoundTripAsync(from, to);

    private static async Task RoundTripAsync(int from, int to)
    {
        const string Name = EverythingDatabase.Name;
        await using var source = await PostgresServer.StartAsync(from, "wal_level = logical");
        await using var target = await PostgresServer.StartAsync(to, "wal_level = logical");
        await EverythingDatabase.LoadAsync(source, Name);
        using var keys = new BackupKeys();
        using var site = new JobSite(new BackupSite(source, keys, Name));
        site.Site.AddServer("other", target);
        site.Site.Settings["POSTGRES_CLIENT_BIN"] = $"{source.Binaries}:{target.Binaries}";
        await site.BackUpAsync(Name);

        var (_, restored, _) = await site.RecoverAsync(Name, "other");

        restored.Tables.ShouldBeGreaterThan(40);
        var newest = from > to ? source : target;
        var expected = await SchemaImage.TakeAsync(source, newest.Binaries, Name);
        var found = await SchemaImage.TakeAsync(target, newest.Binaries, Name);
        found.ShouldBe(expected);
    }
}
