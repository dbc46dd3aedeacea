using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

public sealed class BackupLabelTests
{
    private const string Label = """
        START WAL LOCATION: 1A/6000028 (file 000000030000001A00000006)
        CHECKPOINT LOCATION: 1A/6000060
        BACKUP METHOD: streamed
        BACKUP FROM: standby
        START TIME: 2026-11-21 20:54:42 UTC
        LABEL: pgdr with words: and START TIMELINE: 9
        START TIMELINE: 3

        """;

    [Fact]
    public void Parse_OfPostgreSql15_IsWhatItSays() => BackupLabel.Parse(Encoding.UTF8.GetBytes(Label))
        .ShouldBe(new BackupLabel("pgdr with words: and START TIMELINE: 9", 3, 0x1A_06000028, 0x1A_06000060));

    [Theory]
    [InlineData("START WAL LOCATION: 1A/6000028", "START WAL LOCATION: nowhere")]
    [InlineData("CHECKPOINT LOCATION", "CHECKPOINT")]
    [InlineData("START TIMELINE: 3\n", "")]
    [InlineData("START TIMELINE: 3\n", "START TIMELINE: 99999999999\n")]
    public void Parse_SomethingIsMissing_IsRefused(string what, string by) =>
        Should.Throw<PgdrException>(() => BackupLabel.Parse(Encoding.UTF8.GetBytes(Label.Replace(what, by, StringComparison.Ordinal)))).Code.ShouldBe(ErrorCodes.FormatUnknown);
}
