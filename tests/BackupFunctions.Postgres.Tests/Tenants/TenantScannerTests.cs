using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Tests.Tenants;

/// <summary>Rows of other tenants are found in the bytes, whatever had selected them.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantScannerTests(ServerFixture fixture)
{
    private static readonly CatalogSequenceUse Up = new("public.up", Ascending: true, Start: 5, Least: 1, Most: 1000, Table: 1, "id");
    private static readonly CatalogSequenceUse Down = new("public.down", Ascending: false, Start: -1, Least: -1000, Most: -1, Table: 1, "id");

    [Theory]
    [InlineData("acme", "1\tacme\n2\tacme\n", 0)]
    [InlineData("acme", "1\tacme\n2\tglobex\n3\tglobex\n4\tacme\n5\t\\N\n", 3)]
    [InlineData("a\tb\\", "1\ta\\tb\\\\\n2\ta\\tb\n", 1)]
    [InlineData("\\N", "1\t\\\\N\n2\t\\N\n", 1)]
    public async Task CountForeign_ByTheStoredBytes_CountsRowsOfOthers(string tenant, string rows, long foreign)
    {
        await using var connection = await fixture.Server.OpenAsync();
        var scanner = new TenantScanner(Table("text"));

        scanner.Append(Encoding.UTF8.GetBytes(rows));

        (await scanner.CountForeignAsync(connection, tenant, new HashSet<string>(StringComparer.Ordinal), CancellationToken.None)).ShouldBe(foreign);
    }

    [Theory]
    [InlineData("numeric", "7", "1\t7.00\n2\t7\n", 0)]
    [InlineData("uuid", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "1\t6f9619ff-8b86-d011-b42d-00c04fc964ff\n", 0)]
    [InlineData("bpchar", "ab", "1\tab      \n2\tabc     \n", 1)]
    [InlineData("integer", "7", "1\t70\n", 1)]
    public async Task CountForeign_AsTheTypeCompares(string type, string tenant, string rows, long foreign)
    {
        await using var connection = await fixture.Server.OpenAsync();
        var scanner = new TenantScanner(Table(type));

        scanner.Append(Encoding.UTF8.GetBytes(rows));

        (await scanner.CountForeignAsync(connection, tenant, new HashSet<string>(StringComparer.Ordinal), CancellationToken.None)).ShouldBe(foreign);
    }

    [Fact]
    public void Append_RowsOfEverybody_StopsBeforeAllOfThemAreHeld()
    {
        var scanner = new TenantScanner(Table("text"));

        var refused = Should.Throw<PgdrException>(() => scanner.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\tt{i}\n")))));

        refused.Code.ShouldBe(ErrorCodes.TenantForeignRows);
        refused.Message.ShouldNotContain("t1");
    }

    [Theory]
    [InlineData("1\ta\n30\ta\n\\N\ta\n2\ta\n", 30, true)]
    [InlineData("", 5, false)]
    [InlineData("2000\ta\n", 41, true)]
    [InlineData("x\ta\n", 41, true)]
    public void Sequences_StandBehindTheRows(string rows, long value, bool called)
    {
        var scanner = new TenantScanner(Table("text", Up));
        scanner.Append(Encoding.UTF8.GetBytes(rows));
        var sequences = new TenantSequences();
        sequences.Add(scanner);

        sequences.Values(Catalog(Up), Present).ShouldBe([new SequenceValue("public.up", value, called)]);
    }

    [Fact]
    public void Sequences_ThatCountDownwards_TakeTheLeast()
    {
        var scanner = new TenantScanner(Table("text", Down));
        scanner.Append("-3\ta\n-9\ta\n-4\ta\n"u8);
        var sequences = new TenantSequences();
        sequences.Add(scanner);

        sequences.Values(Catalog(Down), Present).ShouldBe([new SequenceValue("public.down", -9, IsCalled: true)]);
    }

    [Fact]
    public void Sequences_ThatNoColumnUses_KeepTheirValue() =>
        new TenantSequences().Values(Catalog(Up with { Table = null, Column = null }), Present).ShouldBe([new SequenceValue("public.up", 41, IsCalled: true)]);

    private static Dictionary<string, SequenceValue> Present =>
        new(StringComparer.Ordinal) { ["public.up"] = new("public.up", 41, IsCalled: true), ["public.down"] = new("public.down", -41, IsCalled: true) };

    private static RelationCatalog Catalog(CatalogSequenceUse use) => new([], [], [use], []);

    private static PlannedTable Table(string type, params CatalogSequenceUse[] sequences) => new(
        new CatalogRelation(1, "public", "t", Partitioned: false, 1, ["id", "tenant_id"], [], [], [], Hidden: false, OfExtension: false, Filter: null),
        new TenantTable { Schema = "public", Name = "t", Kind = TenantTableKind.Column, Column = "tenant_id", ColumnType = type, File = "rows-000001.copy" },
        sequences);
}
