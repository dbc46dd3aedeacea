using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Tests.Tenants;

public sealed class CopyFieldsTests
{
    private const string Rows = "1\ta\\tb\t\\N\n22\t\t\\\\N\n\\n3\tzürich\tlast\n";

    public static TheoryData<int> Cuts => [.. Enumerable.Range(1, Encoding.UTF8.GetByteCount(Rows))];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Append_CutAnywhere_GivesTheWantedFieldsOfEachRow(int size)
    {
        var found = new List<(int, string)>();
        var fields = new CopyFields([2, 0], (field, bytes) => found.Add((field, Encoding.UTF8.GetString(bytes))));

        foreach (var piece in Encoding.UTF8.GetBytes(Rows).Chunk(size))
        {
            fields.Append(piece);
        }

        found.ShouldBe([(0, "1"), (2, "\\N"), (0, "22"), (2, "\\\\N"), (0, "\\n3"), (2, "last")]);
    }

    [Fact]
    public void Append_NothingWanted_GivesNothing() => new CopyFields([], (_, _) => throw new InvalidOperationException()).Append("a\tb\n"u8);

    [Fact]
    public void Append_FieldLargerThanCanBeChecked_IsRefused()
    {
        var fields = new CopyFields([0], (_, _) => { });
        fields.Append(new byte[60 * 1024]);

        Should.Throw<PgdrException>(() => fields.Append(new byte[60 * 1024])).Code.ShouldBe(ErrorCodes.TenantTables);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(@"\b\f\n\r\t\v\\", "\b\f\n\r\t\v\\")]
    [InlineData(@"a\\nb", @"a\nb")]
    [InlineData("zürich", "zürich")]
    public void Unescape_AsCopyWroteIt_IsTheValue(string field, string value) =>
        Encoding.UTF8.GetString(CopyText.Unescape(Encoding.UTF8.GetBytes(field))).ShouldBe(value);
}
