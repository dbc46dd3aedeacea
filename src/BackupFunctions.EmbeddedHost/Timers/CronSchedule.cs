namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// An NCRONTAB expression in a time zone. When clocks go forward, an occurrence in the missing hour moves behind it; when they go back,
/// interval schedules run through both passes of the repeated hour and all others in the first only.
/// </summary>
internal sealed class CronSchedule(string text, CronExpression expression, TimeZoneInfo zone) : ISchedule
{
    public DateTimeOffset After(DateTimeOffset time)
    {
        var wall = TimeZoneInfo.ConvertTime(time, zone).DateTime;
        var next = AfterWall(wall, time);
        if (expression.IsInterval && zone.IsAmbiguousTime(wall) && SecondPass(wall, time) is { } repeated && repeated < next)
        {
            next = repeated;
        }

        return next;
    }

    public override string ToString() => text;

    private DateTimeOffset AfterWall(DateTime wall, DateTimeOffset time)
    {
        while (true)
        {
            wall = expression.After(wall) ?? throw new InvalidOperationException($"The schedule '{text}' has no further occurrence.");
            foreach (var instant in Instants(wall))
            {
                if (instant > time)
                {
                    return instant;
                }
            }
        }
    }

    /// <summary>The first occurrence of the second pass of the repeated hour that holds the given wall-clock time.</summary>
    private DateTimeOffset? SecondPass(DateTime wall, DateTimeOffset time)
    {
        var start = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsAmbiguousTime(start.AddMinutes(-1)))
        {
            start = start.AddMinutes(-1);
        }

        for (var occurrence = expression.After(start.AddTicks(-1)); occurrence is { } candidate && zone.IsAmbiguousTime(candidate);)
        {
            var instant = Instants(candidate)[^1];
            if (instant > time)
            {
                return instant;
            }

            occurrence = expression.After(candidate);
        }

        return null;
    }

    /// <summary>When a wall-clock time is reached, earliest first.</summary>
    private DateTimeOffset[] Instants(DateTime wall)
    {
        if (zone.IsInvalidTime(wall))
        {
            // The offset in force before the gap puts the instant behind it.
            return [new DateTimeOffset(wall, zone.GetUtcOffset(wall.AddDays(-1))).ToUniversalTime()];
        }

        if (!zone.IsAmbiguousTime(wall))
        {
            return [new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime()];
        }

        var offsets = zone.GetAmbiguousTimeOffsets(wall);
        var first = new DateTimeOffset(wall, offsets.Max()).ToUniversalTime();
        return expression.IsInterval ? [first, new DateTimeOffset(wall, offsets.Min()).ToUniversalTime()] : [first];
    }
}
