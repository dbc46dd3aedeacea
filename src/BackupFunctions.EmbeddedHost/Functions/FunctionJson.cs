using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>
/// How the isolated worker reads and writes JSON: System.Text.Json, property names in any case, and what the app sets by
/// <c>Services.Configure&lt;JsonSerializerOptions&gt;</c>.
/// </summary>
internal static class FunctionJson
{
    public static JsonSerializerOptions Default { get; } = new() { PropertyNameCaseInsensitive = true };

    public static JsonSerializerOptions Create(IEnumerable<IConfigureOptions<JsonSerializerOptions>> configurations)
    {
        var options = new JsonSerializerOptions(Default);
        foreach (var configuration in configurations)
        {
            configuration.Configure(options);
        }

        return options;
    }
}
