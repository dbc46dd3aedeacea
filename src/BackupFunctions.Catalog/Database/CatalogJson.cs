using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Catalog.Database;

/// <summary>Contracts and sentences as PostgreSQL takes them.</summary>
internal static class CatalogJson
{
    /// <summary>For a jsonb column.</summary>
    public static string Write<T>(T value) => Clean(JsonSerializer.Serialize(value, ContractJson.Options).Replace("\\u0000", "\\uFFFD", StringComparison.OrdinalIgnoreCase));

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractJson.Options)!;

    /// <summary>A text without what no text column holds: messages may quote what others wrote.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        // Halves of surrogate pairs become replacement characters on the way.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }
}
