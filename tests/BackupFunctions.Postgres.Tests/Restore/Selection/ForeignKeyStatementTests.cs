using BackupFunctions.Postgres.Restore.Selection;

namespace BackupFunctions.Postgres.Tests.Restore.Selection;

public sealed class ForeignKeyStatementTests
{
    [Theory]
    [InlineData("ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.c(d) ON DELETE CASCADE;", "public\0a", "k", "public\0c")]
    [InlineData("ALTER TABLE \"S \"\"1\"\"\".\"T.é\"\n    ADD CONSTRAINT \"to (it)\" FOREIGN KEY (a, \"B (x)\") REFERENCES \"x.y\".z(\"REFERENCES q.r(\", b) NOT VALID;", "S \"1\"\0T.é", "to (it)", "x.y\0z")]
    [InlineData("ALTER TABLE ONLY s.a\n    ADD CONSTRAINT k FOREIGN KEY (id, PERIOD valid) REFERENCES s.b(id, PERIOD valid);", "s\0a", "k", "s\0b")]
    [InlineData("ALTER TABLE ONLY s.\"new\nline\"\n    ADD CONSTRAINT k FOREIGN KEY (\"a\nb\") REFERENCES s.\"o\nther\"(id);", "s\0new\nline", "k", "s\0o\nther")]
    public void Read_OfAForeignKey_HasBothTables(string statement, string table, string name, string target) =>
        ForeignKeyStatement.ReadAll($"SET x = 1;\n\n--\n-- Name: a k; Type: FK CONSTRAINT\n--\n\n{statement}\n\n").Single().ShouldBe(new ForeignKeyStatement(table, name, target));

    [Fact]
    public void Read_OfOtherStatements_FindsNone() => ForeignKeyStatement.ReadAll(
        "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k PRIMARY KEY (b);\n-- ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.c(d);\n").ShouldBeEmpty();

    [Fact]
    public void Read_OfManyStatements_KeepsTheirOrder() =>
        ForeignKeyStatement.ReadAll(string.Concat(Enumerable.Range(1, 300).Select(i => $"ALTER TABLE ONLY s.t{i}\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES s.u(a);\n\n")))
            .Select(key => key.Table).ShouldBe(Enumerable.Range(1, 300).Select(i => $"s\0t{i}"));
}
