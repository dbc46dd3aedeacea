using System.Security.Cryptography;
using System.Text;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Tests.State;

public sealed class SchemaScriptsTests
{
    /// <summary>SHA-256 of each script as it was released. Lines are added; one that changes breaks databases in the field.</summary>
    private static readonly Dictionary<int, string> Released = new()
    {
        [1] = "ef819e40f661c234590a9e92d91045ecc6fc8c0a8dcef264c7b2615508c692cc",
        [2] = "3bbc7b96c9418ef44f96a50e8b43ffed9dd3ac9f489f0392fea5413a8d1de8a5",
    };

    [Fact]
    public void Scripts_Released_AreNeverEdited() =>
        SchemaScripts.Versions.ToDictionary(script => script.Key, script => Hash(script.Value)).ShouldBe(Released, ignoreOrder: true);

    [Fact]
    public void Scripts_Versions_HaveNoGaps() => SchemaScripts.Versions.Keys.ShouldBe(Enumerable.Range(1, SchemaScripts.Newest));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
