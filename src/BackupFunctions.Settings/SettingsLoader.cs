using System.Text.Json;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>
/// Reads what the host reads: <c>Values</c> of local.settings.json (the file named by BACKUPFUNCTIONS_SETTINGS, else in the current
/// folder, if there is one), then environment variables, which win.
/// </summary>
public static class SettingsLoader
{
    public const string FileVariable = "BACKUPFUNCTIONS_SETTINGS";

    public static IConfiguration Load()
    {
        var named = Environment.GetEnvironmentVariable(FileVariable);
        var path = named ?? Path.GetFullPath("local.settings.json");
        var builder = new ConfigurationBuilder();
        if (named is not null || File.Exists(path))
        {
            builder.AddInMemoryCollection(ReadValues(path));
        }

        return builder.AddEnvironmentVariables().Build();
    }

    private static Dictionary<string, string?> ReadValues(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.TryGetProperty("Values", out var values)
                ? values.EnumerateObject().ToDictionary(
                    value => value.Name.Replace("__", ":", StringComparison.Ordinal),
                    value => value.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null ? value.Value.GetString() : value.Value.GetRawText(),
                    StringComparer.OrdinalIgnoreCase)
                : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"The settings file {path} cannot be read: {e.Message}", e);
        }
    }
}
