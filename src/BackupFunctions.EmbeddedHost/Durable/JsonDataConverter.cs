using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>System.Text.Json with the defaults of the Functions worker: names without regard to case.</summary>
internal sealed class JsonDataConverter : DataConverter
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    [return: NotNullIfNotNull(nameof(value))]
    public override string? Serialize(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), Options);

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : JsonSerializer.Deserialize(data, targetType, Options);
}
