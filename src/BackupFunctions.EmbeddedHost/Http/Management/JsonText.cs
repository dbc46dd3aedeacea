using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>Stored JSON as part of an answer.</summary>
internal static class JsonText
{
    /// <summary>Text that is no JSON stands for itself, as in the durable extension.</summary>
    public static JsonNode? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
