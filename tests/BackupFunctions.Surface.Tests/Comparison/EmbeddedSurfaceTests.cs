using BackupFunctions.Surface.Tests.Recording;
using BackupFunctions.Surface.Tests.StandIns;

namespace BackupFunctions.Surface.Tests.Comparison;

public sealed class EmbeddedSurfaceTests
{
    [Fact]
    public void EmbeddedHost_PublicTypes_AreASubsetOfTheRecordedSurface()
    {
        var offered = EmbeddedSurface.Read();
        offered.Count.ShouldBeGreaterThan(40);

        var unlisted = RecordedListing.ReadUnlisted()
            .Select(type => $"{type.Namespace}.{StandInDeclaration.Of(type).Name}")
            .ToHashSet(StringComparer.Ordinal);
        var recorded = SurfaceReader.Qualified.Read(StandInAssembly.Compilation.Assembly).Where(type => !unlisted.Contains(type.Name));

        var differences = SurfaceComparer.Differences(offered, recorded);

        string.Join('\n', differences).ShouldBeEmpty();
    }
}
