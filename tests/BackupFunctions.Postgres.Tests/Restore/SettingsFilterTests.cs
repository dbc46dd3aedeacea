using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Restore;

namespace BackupFunctions.Postgres.Tests.Restore;

public sealed class SettingsFilterTests
{
    private const string Before = "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped from database version 17.1\n\nSET statement_timeout = 0;";
    private const string After = "\nSET client_encoding = 'UTF8';\nCOPY t FROM stdin;\nSET transaction_timeout = 0;\n\\.\n\nSET transaction_timeout = 0;\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task Filter_OfAScriptInPieces_TakesOutTheOneLine(int size)
    {
        var (filter, written) = Create();

        await WriteAsync(filter, Before + "\nSET transaction_timeout = 0;" + After, size);
        filter.Complete();

        Encoding.UTF8.GetString(written.ToArray()).ShouldBe(Before + After);
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int);\nSET transaction_timeout = 0;\n")]
    [InlineData("SET statement_timeout = 0;\nCOMMENT ON TABLE t IS '\nSET transaction_timeout = 0;\n';")]
    public async Task Filter_OfALineAmongOtherThings_Refuses(string script)
    {
        var (filter, written) = Create();

        (await Should.ThrowAsync<PgdrException>(() => WriteAsync(filter, script, 1000))).Code.ShouldBe(ErrorCodes.ToolFailed);

        written.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Filter_OfAScriptWithoutTheLine_RefusesAtItsEnd()
    {
        var (filter, written) = Create();
        await WriteAsync(filter, Before + "\nSET client_encoding = 'UTF8';\n", 10);

        Should.Throw<PgdrException>(filter.Complete).Code.ShouldBe(ErrorCodes.ToolFailed);

        written.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Filter_OfALongScriptWithoutTheLine_DoesNotKeepIt()
    {
        var (filter, _) = Create();

        await Should.ThrowAsync<PgdrException>(() => WriteAsync(filter, new string('x', 200_000), 4096));
    }

    private static (SettingsFilter Filter, MemoryStream Written) Create()
    {
        var written = new MemoryStream();
        return (new SettingsFilter((piece, token) => written.WriteAsync(piece, token)), written);
    }

    private static async Task WriteAsync(SettingsFilter filter, string text, int size)
    {
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            await filter.WriteAsync(piece, default);
        }
    }
}
