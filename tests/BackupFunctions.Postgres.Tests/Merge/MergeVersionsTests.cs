namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>What is checked on 15 on the newer servers, too.</summary>
[Trait("Category", "Slow")]
public sealed class MergeVersionsTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public async Task Merge_ManyRandomEditsOnANewerServer_ResultEqualsModel(int major)
    {
        var fixture = new ServerFixture { Major = major };
        await fixture.InitializeAsync();
        try
        {
            new MergePropertyTests(fixture).Run(200);
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }
}
