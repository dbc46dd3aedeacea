using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Catalog.Database.Schema;

namespace BackupFunctions.Catalog.Tests.Database;

public sealed class SchemaScriptsTests
{
    /// <summary>SHA-256 of each script as it was released. Lines are added; one that changes breaks catalogs in the field.</summary>
    private static readonly Dictionary<int, string> Released = new()
    {
        [1] = "6fe9b661601adbf6e84f7ed206fc7e394b13b19fb15655ef343cfbac6370b9a5",
    };

    [Fact]
    public void Scripts_Released_AreNeverEdited() =>
        SchemaScripts.Versions.ToDictionary(script => script.Key, script => Hash(script.Value)).ShouldBe(Released, ignoreOrder: true);

    [Fact]
    public void Scripts_Versions_HaveNoGaps() => SchemaScripts.Versions.Keys.ShouldBe(Enumerable.Range(1, SchemaScripts.Newest));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
