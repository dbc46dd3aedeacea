using System.Globalization;
using System.Numerics;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// The values one field of an NCRONTAB expression allows, one bit each. Syntax: lists of <c>*</c>, <c>a</c>, <c>a-b</c>, each with an
/// optional step <c>/n</c>, where <c>a/n</c> means from a to the largest value; English names of months and days, three letters or more.
/// </summary>
internal readonly struct CronField
{
    private readonly ulong _values;

    private CronField(ulong values) => _values = values;

    /// <exception cref="FormatException">One sentence about what is wrong with the text.</exception>
    public static CronField Parse(string text, CronFieldKind kind)
    {
        var values = 0UL;
        foreach (var part in text.Split(','))
        {
            values |= ParsePart(part, kind);
        }

        return new CronField(values);
    }

    public bool Allows(int value) => (_values & (1UL << value)) != 0;

    /// <summary>The smallest allowed value at or above the given one; -1 when there is none.</summary>
    public int AtOrAfter(int value)
    {
        var rest = value > 63 ? 0 : _values >> value;
        return rest == 0 ? -1 : value + BitOperations.TrailingZeroCount(rest);
    }

    private static ulong ParsePart(string part, CronFieldKind kind)
    {
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var step = slash < 0 ? 1 : ParseStep(part[(slash + 1)..], part, kind);
        var range = slash < 0 ? part : part[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = range is "*" ? (kind.Minimum, kind.Maximum)
            : dash > 0 ? (ParseValue(range[..dash], kind), ParseValue(range[(dash + 1)..], kind))
            : (ParseValue(range, kind), slash < 0 ? ParseValue(range, kind) : kind.Maximum);
        if (first > last)
        {
            throw new FormatException($"the range '{range}' in the field {kind.Name} runs backwards; write it as a list of two ranges");
        }

        var values = 0UL;
        for (var value = first; value <= last; value += step)
        {
            values |= 1UL << value;
        }

        return values;
    }

    private static int ParseStep(string text, string part, CronFieldKind kind) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step is > 0 and <= 60
            ? step
            : throw new FormatException($"the step of '{part}' in the field {kind.Name} is not a number from 1 to 60");

    private static int ParseValue(string text, CronFieldKind kind)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value >= kind.Minimum && value <= kind.Maximum
                ? value
                : throw new FormatException($"{value} is not within {kind.Minimum} to {kind.Maximum}, the values of the field {kind.Name}");
        }

        var index = text.Length < 3 ? -1 : Array.FindIndex(kind.Names, name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? kind.Minimum + index
            : throw new FormatException($"'{text}' is not a value of the field {kind.Name}");
    }
}
