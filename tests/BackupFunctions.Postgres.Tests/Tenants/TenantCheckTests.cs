using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Tests.Tenants;

[Collection(ServerCollection.Name)]
public sealed class TenantCheckTests(ServerFixture fixture)
{
    private static readonly TenantContents Contents = new()
    {
        Id = "1",
        Mode = TenantMode.Column,
        Tables =
        [
            new TenantTable { Schema = "public", Name = "a", Kind = TenantTableKind.Column, Column = "tenant_id", ColumnType = "integer" },
            new TenantTable
            {
                Schema = "public", Name = "b", Kind = TenantTableKind.ForeignKey,
                References = [new TenantReference("b_a_fkey", ["a"], "public", "a", ["id"], ["="], Selects: true, Validated: true)],
            },
            new TenantTable { Schema = "public", Name = "c", Kind = TenantTableKind.Shared },
        ],
    };

    [Theory]
    [InlineData("select 1", null)]
    [InlineData("insert into a values (2, 2)", "1 rows of table public.a")]
    [InlineData("insert into a values (2, null), (3, 2)", "2 rows of table public.a")]
    [InlineData("insert into b values (null), (null), (7)", "3 rows of table public.b")]
    [InlineData("insert into c values (7)", null)]
    public async Task Run_RestoredRowsOfOthers_AreCountedAndNamed(string sql, string? expected)
    {
        var database = await fixture.NewDatabaseAsync(
            "create table a (id int, tenant_id int); create table b (a int); create table c (id int); insert into a values (1, 1); insert into b values (1);" + sql);

        var check = () => TenantCheck.RunAsync(fixture.Connection, database, Contents, CancellationToken.None);

        if (expected is null)
        {
            await check();
            return;
        }

        var found = await Should.ThrowAsync<PgdrException>(check);
        found.Code.ShouldBe(ErrorCodes.TenantForeignRows);
        found.Message.ShouldStartWith(expected);
    }
}
