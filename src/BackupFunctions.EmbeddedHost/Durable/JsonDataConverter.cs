using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.Functions;

namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>
/// System.Text.Json as the Functions worker does it: names without regard to case, else as the app configures
/// <see cref="JsonSerializerOptions"/>.
/// </summary>
internal sealed class JsonDataConverter : DataConverter
{
    private readonly JsonSerializerOptions _options;

    public JsonDataConverter()
        : this(FunctionJson.Default)
    {
    }

    public JsonDataConverter(JsonSerializerOptions options) => _options = options;

    [return: NotNullIfNotNull(nameof(value))]
    public override string? Serialize(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), _options);

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : JsonSerializer.Deserialize(data, targetType, _options);
}
