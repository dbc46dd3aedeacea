using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>One of everything that a database may hold, through the real jobs: the schema by pg_dump, the data by the digests of the restore.</summary>
public sealed class EverythingTests
{
    [Theory]
    [InlineData(15, 15)]
    [InlineData(18, 15)]
    public Task Everything_BackedUpAndRestored_IsTheSame(int from, int to) => RoundTripAsync(from, to);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    [InlineData(17, 15)]
    [InlineData(17, 17)]
    [InlineData(17, 18)]
    [InlineData(18, 17)]
    [InlineData(18, 18)]
    public Task Everything_RestoredOntoAnyOtherVersion_IsTheSame(int from, int to) => RoundTripAsync(from, to);

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

        restored.Tables.ShouldBe(36);
        // What a server of another version says of the same object differs (names of columns in views, privileges that it has more), and
        // pg_dump 18 gives some NOT NULL constraints other names. There the measure is what PostgreSQL's own tools make of it.
        var expected = from == to && from < 18
            ? await SchemaImage.TakeAsync(source, Name)
            : await SchemaImage.OfCopyAsync(source, Name, target, "reference");
        var found = await SchemaImage.TakeAsync(target, Name);
        found.Except(expected, StringComparer.Ordinal).ShouldBeEmpty();
        expected.Except(found, StringComparer.Ordinal).ShouldBeEmpty();
        found.ShouldBe(expected);
    }
}
