using System.Text.Json;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>How the isolated worker reads JSON: System.Text.Json, property names in any case.</summary>
internal static class FunctionJson
{
    public static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };
}
