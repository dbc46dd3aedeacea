using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>A settings file: JSON with comments and trailing commas.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false,
    };

    /// <exception cref="PgdrException">The file cannot be read, or is not one JSON object; names the line, never the content.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject
                ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} must hold one JSON object.");
        }
        catch (JsonException cause)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"{path} is not valid JSON: see line {cause.LineNumber + 1}, column {cause.BytePositionInLine + 1}.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{path} cannot be read: {cause.Message}", cause);
        }
    }
}
