using BackupFunctions.Surface.Tests.StandIns;

namespace BackupFunctions.Surface.Tests.Comparison;

public sealed class EmbeddedSurfaceTests
{
    [Fact]
    public void EmbeddedHost_PublicTypes_AreASubsetOfTheRecordedSurface()
    {
        var offered = EmbeddedSurface.Read();
        offered.Count.ShouldBeGreaterThan(40);

        var differences = SurfaceComparer.Differences(offered, SurfaceReader.Qualified.Read(StandInAssembly.Compilation.Assembly));

        string.Join('\n', differences).ShouldBeEmpty();
    }
}
