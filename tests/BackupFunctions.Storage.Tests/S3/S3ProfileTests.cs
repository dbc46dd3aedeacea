using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.S3;

public sealed class S3ProfileTests
{
    [Theory]
    [InlineData("https://0123.r2.cloudflarestorage.com", "r2")]
    [InlineData("https://0123.eu.r2.cloudflarestorage.com", "r2")]
    [InlineData("https://s3.eu-central-003.backblazeb2.com", "b2")]
    [InlineData("https://s3.eu-west-1.amazonaws.com", "aws")]
    [InlineData("http://127.0.0.1:7480", "generic")]
    [InlineData("https://amazonaws.com.evil.example", "generic")]
    public void Profile_OfAnEndpoint_FollowsFromItsHost(string endpoint, string profile) =>
        S3Profile.Of(new Uri(endpoint)).Name.ShouldBe(profile);

    [Fact]
    public void Profile_ByName_IsFoundExactly()
    {
        S3Profile.Names.ShouldAllBe(name => S3Profile.Named(name)!.Name == name);
        S3Profile.Named("R2").ShouldBeNull();
    }
}
