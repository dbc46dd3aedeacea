using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Jobs;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>What a start of a recovery or merge says of the point to go to.</summary>
internal static class RequestedPoint
{
    /// <returns>Null: nothing is said, or a backup is named.</returns>
    public static WantedPoint? Of(IPointBody body) =>
        body.TargetTime is { } time ? new WantedPoint(OffsetTime.Parse(time), Lsn: null)
        : body.TargetLsn is not null || body.Latest == true ? new WantedPoint(Time: null, body.TargetLsn)
        : null;

    /// <returns>Why it is none; null when it may be one.</returns>
    public static IActionResult? Refusal(IPointBody body, DateTimeOffset now)
    {
        if (new[] { body.BackupId is not null, body.TargetTime is not null, body.TargetLsn is not null, body.Latest == true }.Count(given => given) > 1)
        {
            return Problems.BadRequest("target/ambiguous", "Give at most one of 'backupId', 'targetTime', 'targetLsn' and 'latest': each says what to recover to.");
        }

        if (body.TargetLsn is { } lsn && !Lsn.IsValid(lsn))
        {
            return Problems.BadRequest("target/invalid", "'targetLsn' must be a position in the write-ahead log, which looks like 0/16B3748.");
        }

        return body.TargetTime is not { } text ? null
            : OffsetTime.Parse(text) is not { } time ? Problems.BadRequest("target/invalid", "'targetTime' must be a time with its offset from UTC, which looks like 2026-11-21T14:05:00Z.")
            : time > now ? Problems.BadRequest("target/future", $"'targetTime' lies in the future: it is {now:yyyy-MM-dd HH:mm:ss}Z. Use 'latest' for the newest point.")
            : null;
    }
}
