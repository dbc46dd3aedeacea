using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Contracts.Tests;

/// <summary>The fixtures by type: one file each, named after it.</summary>
internal static class Recorded
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file));

    public static Type TypeOf(string name) => typeof(ContractJson).Assembly.GetExportedTypes().Single(type => string.Equals(type.Name, name, StringComparison.Ordinal));

    public static JsonNode Node(string name) => JsonNode.Parse(Text(name))!;

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));

    public static T Read<T>() => JsonSerializer.Deserialize<T>(Text(typeof(T).Name), ContractJson.Options)!;
}
