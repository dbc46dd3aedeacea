using System.Formats.Tar;
using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

public sealed class BaseBackupTarTests
{
    private const string Label = "START WAL LOCATION: 0/6000028 (file 000000010000000000000006)\nCHECKPOINT LOCATION: 0/6000060\nLABEL: x\nSTART TIMELINE: 1\n";
    private const string Manifest = "{\"WAL-Ranges\": [{ \"Timeline\": 1, \"Start-LSN\": \"0/6000028\", \"End-LSN\": \"0/6000100\" }]}";

    public static TheoryData<string, TarEntry[]> NotWhole => new()
    {
        { "backup_label", [File("backup_manifest", Manifest)] },
        { "backup_manifest", [File("backup_label", Label)] },
        { "pg_tblspc/16400", [new UstarTarEntry(TarEntryType.SymbolicLink, "pg_tblspc/16400") { LinkName = "/elsewhere" }] },
        { "link", [new UstarTarEntry(TarEntryType.HardLink, "link") { LinkName = "backup_label" }] },
    };

    [Fact]
    public async Task Read_DirectoriesFilesAndManifest_ReachTheSinkWithTheirModes()
    {
        var sink = new RecordingBaseSink();

        var outcome = await BaseBackupTar.ReadAsync(
            Tar(File("backup_label", Label), new UstarTarEntry(TarEntryType.Directory, "./pg_wal/archive_status/") { Mode = (UnixFileMode)0b111_101_000 }, File("base/1", "one"), File("backup_manifest", Manifest)),
            sink,
            CancellationToken.None);

        outcome.ShouldBe(new BaseBackupOutcome(new BackupLabel("x", 1, 0x6000028, 0x6000060), 1, 0x6000100, 2, outcome.Tablespaces));
        outcome.Tablespaces.ShouldBeEmpty();
        sink.Directories.ShouldBe([("pg_wal/archive_status", (UnixFileMode)0b111_101_000)]);
        sink.Files.ShouldBe([("backup_label", Label), ("base/1", "one"), ("backup_manifest", Manifest)]);
    }

    [Theory]
    [MemberData(nameof(NotWhole))]
    public async Task Read_SomethingIsMissingOrOdd_IsRefusedByName(string name, TarEntry[] entries) =>
        (await Should.ThrowAsync<PgdrException>(BaseBackupTar.ReadAsync(Tar(entries), new RecordingBaseSink(), CancellationToken.None))).Message.ShouldContain(name);

    [Fact]
    public async Task Read_WhatIsNoTar_IsRefused() =>
        (await Should.ThrowAsync<PgdrException>(BaseBackupTar.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 2000))), new RecordingBaseSink(), CancellationToken.None)))
            .Code.ShouldBe(ErrorCodes.ToolFailed);

    [Fact]
    public async Task Read_AFileAbove8GiB_HasItsLengthFromTheBinaryField()
    {
        const int sizeField = 124;
        const int checksumField = 148;
        var tar = Tar(File("log/server.log", "")).ToArray();
        // As pg_basebackup writes what twelve octal digits cannot say (tarCreateHeader, print_tar_number).
        tar.AsSpan(sizeField, 12).Clear();
        tar[sizeField] = 0x80;
        tar[sizeField + 7] = 0x03;
        tar.AsSpan(checksumField, 8).Fill((byte)' ');
        var sum = Convert.ToString(tar.AsSpan(0, 512).ToArray().Sum(value => (int)value), 8).PadLeft(6, '0') + "\0 ";
        Encoding.ASCII.GetBytes(sum).CopyTo(tar.AsSpan(checksumField));
        var sink = new RecordingBaseSink();

        // It cannot be rewound, as the tool cannot.
        await Should.ThrowAsync<Exception>(BaseBackupTar.ReadAsync(new TailStream(new MemoryStream(tar), size: 1), sink, CancellationToken.None));

        sink.Lengths.ShouldBe([3L << 32]);
    }

    private static UstarTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static MemoryStream Tar(params TarEntry[] entries)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        tar.Position = 0;
        return tar;
    }
}
