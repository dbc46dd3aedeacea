using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.VersionsAndTags;

public sealed class VersionOrderTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData(null, "", 0)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", null, 1)]
    [InlineData("1.9", "1.10", -1)]
    [InlineData("Beta", "beta", 0)]
    [InlineData("1.0-beta", "1.0-alpha", 1)]
    [Conforms("Versions: both empty are equal, empty is older, System.Version if both parse, else text without regard to case", Source.DurableTaskDotnet)]
    public void Compare_OrdersLikeTheSdk(string? left, string? right, int expected) =>
        Math.Sign(VersionOrder.Compare(left, right)).ShouldBe(expected);
}
