using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>Turns inputs, results, events and custom states to text and back.</summary>
public abstract class DataConverter
{
    [return: NotNullIfNotNull(nameof(value))]
    public abstract string? Serialize(object? value);

    public abstract object? Deserialize(string? data, Type targetType);

    public virtual T? Deserialize<T>(string? data) => (T?)(Deserialize(data, typeof(T)) ?? default(T));
}
