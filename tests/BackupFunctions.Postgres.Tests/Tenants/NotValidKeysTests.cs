using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tenants;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Tenants;

public sealed class NotValidKeysTests
{
    private static readonly TenantConstraint Key = new(16450, "public.Row s.a_fkey") { Schema = "public", Table = "Row s", Constraint = "a_fkey", Definition = "CHECK (true)", Comment = "x" };

    [Theory]
    [InlineData("3315; 2606 16450 FK CONSTRAINT public Row s a_fkey postgres", true)]
    [InlineData("3316; 0 0 COMMENT public CONSTRAINT a_fkey ON \"Row s\" postgres", true)]
    [InlineData("3317; 2606 16451 FK CONSTRAINT public Row s b_fkey postgres", false)]
    [InlineData("3318; 2606 16450 CONSTRAINT public Row s a_fkey postgres", false)]
    [InlineData("3319; 0 0 COMMENT public CONSTRAINT a_fkey2 ON \"Row s\" postgres", false)]
    [InlineData("3320; 0 0 COMMENT other CONSTRAINT a_fkey ON \"Row s\" postgres", false)]
    public void Has_AnEntryOfAnArchive_TellsTheKeyAndItsComment(string line, bool expected) =>
        new NotValidKeys([Key]).Has(ArchiveToc.Parse(line)!).ShouldBe(expected);

    [Fact]
    public async Task Add_KeyOfAnEarlierVersion_IsNamedAsLeftOut()
    {
        await using var connection = new NpgsqlConnection();

        (await new NotValidKeys([new TenantConstraint(16450, "public.a.a_fkey")]).AddAsync(connection, default)).ShouldHaveSingleItem()
            .ShouldContain("were left out: fill those tables, then add them: public.a.a_fkey (the version that made the backup did not store what it is)");
    }
}
