using System.Text.Json;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Finds signed_by in bytes that are not authenticated: reads tokens only, builds nothing from them.</summary>
internal static class ClaimedSigner
{
    /// <returns>64 hex digits; null when there is no such claim.</returns>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("signed_by"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && Sha256Hex.IsValid(reader.GetString())
                        ? reader.GetString()
                        : null;
                }
            }
        }
        catch (Exception invalid) when (invalid is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not UTF-8: no claim.
        }

        return null;
    }
}
