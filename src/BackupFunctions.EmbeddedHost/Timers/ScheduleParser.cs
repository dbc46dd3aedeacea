using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>Reads the text of a timer trigger: %Setting%, then NCRONTAB, then a TimeSpan.</summary>
internal static partial class ScheduleParser
{
    /// <exception cref="PgdrException">The text is neither; names the function.</exception>
    public static ISchedule Parse(string function, string text, TimeZoneInfo zone, IConfiguration configuration)
    {
        var resolved = Resolve(function, text, configuration);
        try
        {
            var expression = CronExpression.Parse(resolved);
            return expression.After(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)) is null
                ? throw new FormatException("it names days that no month has, so it never runs")
                : new CronSchedule(resolved, expression, zone);
        }
        catch (FormatException cause)
        {
            return TimeSpan.TryParse(resolved, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
                ? new IntervalSchedule(interval)
                : throw new PgdrException(
                    ErrorCodes.InvalidSettings,
                    $"The schedule '{resolved}' of function {function} is neither NCRONTAB ({cause.Message}) nor a positive TimeSpan such as 00:05:00.",
                    cause);
        }
    }

    /// <summary>%Setting% stands for a setting, also as a part of the text (rule of WebJobs' INameResolver).</summary>
    private static string Resolve(string function, string text, IConfiguration configuration) =>
        SettingName().Replace(text, match => Setting(function, match.Groups["name"].Value, configuration)).Trim();

    private static string Setting(string function, string name, IConfiguration configuration) =>
        configuration[name] is { Length: > 0 } value
            ? value.Trim()
            : throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"The schedule of function {function} stands in the setting {name}, which is not set: set it to an NCRONTAB expression.");

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex SettingName();
}
