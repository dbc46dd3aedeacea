using System.Text.Json.Nodes;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>A key that a settings file may have: a section of further keys, or a value that is applied, fixed or passed over.</summary>
internal sealed class KnownKey
{
    /// <summary>The host reads it, or reads all that stands below it.</summary>
    public static readonly KnownKey Applied = new();

    /// <summary>The field's own hosts know it; this one passes it over.</summary>
    public static readonly KnownKey NotApplied = new() { Remark = "which the embedded host does not apply" };

    private KnownKey()
    {
    }

    /// <summary>Keys below; null for a value.</summary>
    public IReadOnlyDictionary<string, KnownKey>? Children { get; private init; }

    private string? Remark { get; init; }

    private string? OnlyValue { get; init; }

    /// <param name="names">At the top the Functions host compares keys exactly, below it .NET's configuration does not mind the case.</param>
    /// <param name="keys">Names and what they are.</param>
    public static KnownKey Section(StringComparer names, params IEnumerable<(string Name, KnownKey Key)> keys) =>
        new() { Children = keys.ToDictionary(key => key.Name, key => key.Key, names) };

    /// <summary>Known, passed over, and here is what to use instead.</summary>
    public static KnownKey Elsewhere(string remedy) => new() { Remark = $"which the embedded host does not apply: {remedy}" };

    /// <summary>The host behaves as this value says; any other value is passed over.</summary>
    public static KnownKey Always(string value) => new() { OnlyValue = value };

    /// <returns>Half a sentence about a value that has no effect; null when it has one.</returns>
    public string? RemarkOn(JsonNode? value) =>
        OnlyValue is null ? Remark
        : string.Equals(value?.ToString(), OnlyValue, StringComparison.OrdinalIgnoreCase) ? null
        : $"which the embedded host does not apply: it always does what '{OnlyValue}' means";
}
