using System.Collections;
using System.Globalization;

namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>What an exception carries beside its message, in the types that survive the way through history.</summary>
internal static class FailureProperties
{
    /// <returns>Null when there is nothing; numbers are doubles, as after the way through the real engine.</returns>
    public static Dictionary<string, object?>? Of(Exception exception)
    {
        var properties = exception.Data.Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string && IsPlain(entry.Value))
            .ToDictionary(entry => (string)entry.Key, entry => Plain(entry.Value), StringComparer.Ordinal);
        return properties.Count > 0 ? properties : null;
    }

    private static bool IsPlain(object? value) => value is null or string or bool || IsNumber(value);

    private static bool IsNumber(object value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    private static object? Plain(object? value) =>
        value is not null && IsNumber(value) ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : value;
}
