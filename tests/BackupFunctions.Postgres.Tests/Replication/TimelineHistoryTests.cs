using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Postgres.Tests.Replication;

public sealed class TimelineHistoryTests
{
    [Fact]
    public void Parse_AFileAsPostgresWritesIt_GivesItsAncestors() =>
        Parse(3, "1\t0/16B3748\tno recovery target specified\n\n# a comment\n2\t1/A0\tbefore 2026-11-21 02:00:00+00\n").Ancestors
            .ShouldBe([new TimelineSwitch(1, 0x16B3748), new TimelineSwitch(2, 0x1000000A0)]);

    [Theory]
    [InlineData("x\t0/1\n")]
    [InlineData("1\n")]
    [InlineData("1\tx\n")]
    [InlineData("3\t0/1\n")]
    [InlineData("2\t0/1\n1\t0/2\n")]
    public void Parse_AnythingElse_IsDamaged(string text) =>
        Should.Throw<PgdrException>(() => Parse(3, text)).Code.ShouldBe(ErrorCodes.ObjectDamaged);

    private static TimelineHistory Parse(int timeline, string text) => TimelineHistory.Parse(timeline, Encoding.UTF8.GetBytes(text));
}
