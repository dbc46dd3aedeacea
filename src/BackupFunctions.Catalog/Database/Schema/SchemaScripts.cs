using System.Globalization;

namespace BackupFunctions.Catalog.Database.Schema;

/// <summary>The scripts that make the catalog, embedded in this program.</summary>
internal static class SchemaScripts
{
    private const string Prefix = "catalog-";
    private const string Suffix = ".sql";

    /// <summary>Each brings the schema from the version before to its own; never edited once released.</summary>
    public static SortedDictionary<int, string> Versions { get; } = ReadVersions();

    /// <summary>The version that this program works with.</summary>
    public static int Newest { get; } = Versions.Keys.Max();

    private static SortedDictionary<int, string> ReadVersions()
    {
        var assembly = typeof(SchemaScripts).Assembly;
        var scripts = new SortedDictionary<int, string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(int.Parse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }

        return scripts;
    }
}
