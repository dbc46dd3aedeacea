using System.Globalization;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>The scripts that make the state database, embedded in this program.</summary>
internal static class SchemaScripts
{
    private const string Prefix = "schema-";
    private const string Suffix = ".sql";

    /// <summary>Each brings the schema from the version before to its own; never edited once released.</summary>
    public static SortedDictionary<int, string> Versions { get; } = ReadVersions();

    /// <summary>The version that this program works with.</summary>
    public static int Newest { get; } = Versions.Keys.Max();

    /// <summary>What holds no data, such as views: may be edited, and is made anew whenever it differs.</summary>
    public static string Logic { get; } = Read("logic.sql");

    private static SortedDictionary<int, string> ReadVersions()
    {
        var scripts = new SortedDictionary<int, string>();
        foreach (var name in typeof(SchemaScripts).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var version = name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length);
            scripts.Add(int.Parse(version, CultureInfo.InvariantCulture), Read(name));
        }

        return scripts;
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(SchemaScripts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
