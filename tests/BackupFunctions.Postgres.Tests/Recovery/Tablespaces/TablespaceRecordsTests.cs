using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Postgres.Recovery.Tablespaces;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Recovery.Tablespaces;

/// <summary>What is found in the log of a real server is what pg_waldump finds in it.</summary>
public sealed partial class TablespaceRecordsTests(TablespacedServer site) : IClassFixture<TablespacedServer>
{
    private const int SegmentSize = 16 << 20;

    [Fact]
    public async Task Read_RecordsAcrossPagesAndSegments_AreAllFoundWithTheirLocations()
    {
        var first = await site.Server.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal() + 1)");
        var made = new List<string>();
        for (var i = 0; i < 24; i++)
        {
            await MakeAsync(made);
        }

        await site.Server.ExecuteAsync("create table filler as select i, md5(i::text) from generate_series(1, 60000) i; update filler set i = i + 1");

        // What is written before the record itself is a few hundred bytes; its path is longer.
        var left = await site.Server.ScalarAsync<long>($"select {SegmentSize} - (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint % {SegmentSize}");
        var pages = (left / 8192) + 1;
        await site.Server.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"select pg_logical_emit_message(false, 'x', repeat('x', {left - (pages * 24) - 850}))"));
        await MakeAsync(made);
        var last = await site.Server.ScalarAsync<string>("select pg_walfile_name(pg_current_wal_insert_lsn())");
        await site.ArchiveAsync();

        var records = new TablespaceRecords();
        var found = new List<TablespaceRecord>();
        string[] segments = [.. Directory.EnumerateFiles(site.Archive).Where(file => string.CompareOrdinal(Path.GetFileName(file), first) >= 0 && string.CompareOrdinal(Path.GetFileName(file), last) <= 0).Order(StringComparer.Ordinal)];
        foreach (var segment in segments)
        {
            found.AddRange(await records.ReadAsync(segment, CancellationToken.None));
        }

        segments.Length.ShouldBeGreaterThan(1);
        found.Select(record => record.Location).ShouldBe(made);
        var dump = await CommandLine.RunAsync(Path.Combine(site.Server.Binaries, "pg_waldump"), "--rmgr=Tablespace", "--path=" + site.Archive, first!, last!);
        found.Select(record => $"{LogPosition.Format(record.Lsn)} {LogPosition.Format(record.PreviousLsn)} {record.Location}")
            .ShouldBe(Created().Matches(dump).Select(match => $"{Short(match.Groups["lsn"].Value)} {Short(match.Groups["prev"].Value)} {match.Groups["path"].Value}"));
        found.ShouldContain(record => record.Lsn % 8192 + 900 > 8192);
        (found[^1].Lsn / SegmentSize).ShouldBe((found[^1].Lsn + 900) / SegmentSize - 1);
    }

    [Fact]
    public async Task Read_NoLogAtAll_FindsNothing()
    {
        var file = Path.Combine(await site.NewFolderAsync(), "zeros");
        await File.WriteAllBytesAsync(file, new byte[SegmentSize]);
        var records = new TablespaceRecords();
        (await records.ReadAsync(file, CancellationToken.None)).ShouldBeEmpty();
        await File.WriteAllBytesAsync(file, new byte[10]);
        (await records.ReadAsync(file, CancellationToken.None)).ShouldBeEmpty();
        await File.WriteAllBytesAsync(file, [.. Enumerable.Repeat((byte)0xFF, SegmentSize)]);
        (await records.ReadAsync(file, CancellationToken.None)).ShouldBeEmpty();
    }

    /// <summary>With a path of some 850 characters.</summary>
    private async Task MakeAsync(List<string> made)
    {
        var path = await site.NewFolderAsync();
        while (path.Length < 760)
        {
            path = Path.Combine(path, new string('d', 90));
        }

        Directory.CreateDirectory(path);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "-R", "postgres", path);
        }

        made.Add(path);
        await site.Server.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"create tablespace of{made.Count} location '{path}'"));
    }

    private static string Short(string lsn) => LogPosition.TryParse(lsn, out var position) ? LogPosition.Format(position) : lsn;

    [GeneratedRegex("lsn: (?<lsn>[0-9A-F/]+), prev (?<prev>[0-9A-F/]+), desc: CREATE [0-9]+ \"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Created();
}
