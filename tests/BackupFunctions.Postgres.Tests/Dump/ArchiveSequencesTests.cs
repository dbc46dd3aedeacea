using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.Tests.Dump;

public sealed class ArchiveSequencesTests
{
    [Fact]
    public void Parse_OfANameWithQuotesAndALineBreak_KeepsIt() =>
        ArchiveSequences.Parse("SELECT pg_catalog.setval('public.\"neg\"\"q'', 5, true);\nnl\"', -9223372036854775808, false);")
            .ShouldBe(new SequenceValue("public.\"neg\"\"q', 5, true);\nnl\"", long.MinValue, false));

    [Fact]
    public void Parse_OfAnUnfinishedStatement_Waits() => ArchiveSequences.Parse("SELECT pg_catalog.setval('public.\"neg").ShouldBeNull();

    [Theory]
    [InlineData("3444; 0 16387 TABLE DATA My Schema Täb le postgres", 16387, ArchiveEntryKind.TableData)]
    [InlineData("3470; 0 0 SEQUENCE SET public S'q postgres", 0, ArchiveEntryKind.SequenceSet)]
    [InlineData("218; 1259 16387 TABLE public DATA postgres", 16387, ArchiveEntryKind.Other)]
    [InlineData("9; 6100 16500 SUBSCRIPTION - sub postgres", 16500, ArchiveEntryKind.Subscription)]
    internal void TableOfContents_Line_IsUnderstood(string line, long oid, ArchiveEntryKind kind)
    {
        var entry = ArchiveToc.Parse(line).ShouldNotBeNull();

        entry.ObjectOid.ShouldBe(oid);
        entry.Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData(";     dbname: 3; 0 1 TABLE DATA x")]
    [InlineData("")]
    public void TableOfContents_Comment_IsNoEntry(string line) => ArchiveToc.Parse(line).ShouldBeNull();
}
