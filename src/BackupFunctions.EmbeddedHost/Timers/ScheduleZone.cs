using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>The time zone of all schedules.</summary>
internal static class ScheduleZone
{
    /// <param name="name">The value of WEBSITE_TIME_ZONE; UTC when empty.</param>
    public static TimeZoneInfo Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return TimeZoneInfo.Utc;
        }

        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception cause) when (cause is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"WEBSITE_TIME_ZONE names '{name}', which this machine does not know: use an IANA name such as Europe/Berlin, and install tzdata if it is missing.",
                cause);
        }
    }
}
