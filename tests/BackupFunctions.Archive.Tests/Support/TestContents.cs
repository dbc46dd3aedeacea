using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Support;

internal static class TestContents
{
    public static ArchivePart Tar(string name) => new(name, ArchivePart.Tar, null, 0, 10, TestManifests.Hash);

    public static ArchivePart Slice(string name, string? path, long offset, long size = 10) =>
        new(name, ArchivePart.Slice, path, offset, size, TestManifests.Hash);

    public static BackupContents Create(params IReadOnlyList<ArchivePart> parts) => new()
    {
        Parts = parts,
        Tables = [new TableDigest("public", "Größe", ["id"], null, 3, new string('0', 32))],
        LargeObjects = new LargeObjectDigest(0, 0, new string('0', 32)),
        Sequences = [],
        Database = new DatabaseProperties
        {
            Name = "shop",
            Owner = "owner",
            Encoding = "UTF8",
            LocaleProvider = "libc",
            Collate = "C.UTF-8",
            Ctype = "C.UTF-8",
            Tablespace = "pg_default",
            ConnectionLimit = -1,
            AllowConnections = true,
            IsTemplate = false,
        },
        Roles = [new RoleDefinition { Name = "owner", CanLogin = true }],
    };
}
