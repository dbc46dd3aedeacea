using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests;

public sealed class KnownBackupTests
{
    /// <summary>The last good one of each stays: none may stand in for another.</summary>
    [Fact]
    public void Group_OfEachSubject_IsItsOwn()
    {
        var database = Create("main");
        List<KnownBackup> backups =
        [
            database, Create("configuration of server main"), database with { Tenant = "a" }, Create("") with { ConfigurationOf = "main" },
            Create("") with { ConfigurationOf = "other" }, Create("") with { Wal = new WalSpan("main", 1, 1, 2) },
        ];

        backups.Select(static backup => backup.Group).Distinct(StringComparer.Ordinal).Count().ShouldBe(backups.Count);
    }

    private static KnownBackup Create(string database) => new()
    {
        Id = "1", Database = database, SnapshotAt = DateTimeOffset.UnixEpoch, Status = BackupStatus.Verified, Copies = [],
    };
}
