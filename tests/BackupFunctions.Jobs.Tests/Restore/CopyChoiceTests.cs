using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Jobs.Tests.Restore;

public sealed class CopyChoiceTests
{
    private readonly CopyChoice _choice = new();

    [Fact]
    public void Damaged_OneTargetServedAllOfIt_IsOutForGood()
    {
        _choice.Damaged(["a"]);

        _choice.Excluded.ShouldBe(["a"]);
        _choice.TryDoubtful().ShouldBeFalse();
    }

    [Fact]
    public void Damaged_TwoTargetsServedParts_TheSecondIsTriedAloneThenTheFirstOnce()
    {
        _choice.Damaged(["a", "b"]);
        _choice.Excluded.ShouldBe(["a"]);

        _choice.Damaged(["b"]);
        _choice.Excluded.ShouldBe(["a", "b"], ignoreOrder: true);
        _choice.TryDoubtful().ShouldBeTrue();
        _choice.Excluded.ShouldBe(["b"]);

        _choice.Damaged(["a", "c"]);
        _choice.TryDoubtful().ShouldBeFalse();
    }
}
