namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// An NCRONTAB expression: {second} {minute} {hour} {day} {month} {day of week}; without the first field the second is 0.
/// Unlike in Unix cron, day and day of week must both match.
/// </summary>
internal sealed class CronExpression
{
    /// <summary>A leap day on one day of the week recurs within 40 years.</summary>
    private const int SearchedDays = 41 * 366;

    private readonly CronField _second;
    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _day;
    private readonly CronField _month;
    private readonly CronField _dayOfWeek;

    private CronExpression(string[] fields)
    {
        _second = CronField.Parse(fields[0], CronFieldKind.Second);
        _minute = CronField.Parse(fields[1], CronFieldKind.Minute);
        _hour = CronField.Parse(fields[2], CronFieldKind.Hour);
        _day = CronField.Parse(fields[3], CronFieldKind.Day);
        _month = CronField.Parse(fields[4], CronFieldKind.Month);
        _dayOfWeek = CronField.Parse(fields[5], CronFieldKind.DayOfWeek);
        IsInterval = fields.Take(3).Any(field => field.AsSpan().ContainsAny('*', '/', '-'));
    }

    /// <summary>
    /// It recurs within the day, by a <c>*</c>, <c>/</c> or <c>-</c> in the time fields: such schedules go on through an hour that the end
    /// of daylight saving time repeats; others run once (rule of WebJobs' CronSchedule).
    /// </summary>
    public bool IsInterval { get; }

    /// <exception cref="FormatException">One sentence about what is wrong with the text.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length switch
        {
            5 => new CronExpression(["0", .. fields]),
            6 => new CronExpression(fields),
            _ => throw new FormatException($"it has {fields.Length} fields instead of 5 or 6"),
        };
    }

    /// <summary>The first occurrence after the given wall-clock time; null when there is none.</summary>
    public DateTime? After(DateTime time)
    {
        var from = new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified).AddSeconds(1);
        var date = from.Date;
        for (var searched = 0; searched < SearchedDays; searched++, date = date.AddDays(1))
        {
            if (_month.Allows(date.Month) && _day.Allows(date.Day) && _dayOfWeek.Allows((int)date.DayOfWeek)
                && AtOrAfter(date == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } timeOfDay)
            {
                return date + timeOfDay;
            }
        }

        return null;
    }

    private TimeSpan? AtOrAfter(TimeSpan time)
    {
        var hour = _hour.AtOrAfter(time.Hours);
        if (hour == time.Hours)
        {
            var minute = _minute.AtOrAfter(time.Minutes);
            if (minute == time.Minutes && _second.AtOrAfter(time.Seconds) is >= 0 and var second)
            {
                return new TimeSpan(hour, minute, second);
            }

            minute = minute == time.Minutes ? _minute.AtOrAfter(time.Minutes + 1) : minute;
            if (minute >= 0)
            {
                return new TimeSpan(hour, minute, _second.AtOrAfter(0));
            }

            hour = _hour.AtOrAfter(time.Hours + 1);
        }

        return hour < 0 ? null : new TimeSpan(hour, _minute.AtOrAfter(0), _second.AtOrAfter(0));
    }
}
