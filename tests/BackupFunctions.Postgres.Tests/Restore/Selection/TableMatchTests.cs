using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Restore.Selection;

namespace BackupFunctions.Postgres.Tests.Restore.Selection;

public sealed class TableMatchTests
{
    private static readonly (string Schema, string Name)[] Tables = [("public", "orders"), ("public", "Order lines"), ("sales", "orders")];

    [Theory]
    [InlineData("public.orders", null, 1)]
    [InlineData("public.*", null, 2)]
    [InlineData("*.orders", null, 2)]
    [InlineData("public.Order ?ines", null, 1)]
    [InlineData("public.orders", "sales", 2)]
    [InlineData(null, "s*", 1)]
    public void Match_ByPatternOrSchema_IsWhatEitherSays(string? table, string? schema, int expected)
    {
        var selection = Of(table, schema);

        TableMatch.Check(selection, Tables);
        Tables.Count(each => TableMatch.IsSelected(selection, each.Schema, each.Name)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("orders", null, "table 'orders'")]
    [InlineData("PUBLIC.orders", null, "table 'PUBLIC.orders'")]
    [InlineData(null, "sale", "table in a schema 'sale'")]
    public void Check_OfAPatternThatFitsNothing_NamesIt(string? table, string? schema, string named)
    {
        var failure = Should.Throw<PgdrException>(() => TableMatch.Check(Of(table, schema), Tables));

        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.Message.ShouldContain(named);
    }

    private static TableSelection Of(string? table, string? schema) => new(table is null ? [] : [table], schema is null ? [] : [schema]);
}
