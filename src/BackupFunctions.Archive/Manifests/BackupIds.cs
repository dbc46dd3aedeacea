using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Ids of backup attempts: time to the millisecond (UTC), then 32 random bits. Ordinal order is order in time.</summary>
public static partial class BackupIds
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>For example 20261121T020000123Z-9f3c01ab.</summary>
    public static string New(TimeProvider time) => New(time.GetUtcNow());

    /// <inheritdoc cref="New(TimeProvider)"/>
    public static string New(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + "-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    public static bool IsValid(string? id) => TryGetTime(id, out _);

    /// <summary>When the attempt started, UTC.</summary>
    public static bool TryGetTime(string? id, out DateTimeOffset time)
    {
        time = default;
        return id is not null && Shape().IsMatch(id) && DateTimeOffset.TryParseExact(
            id[..19], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{9}Z-[0-9a-f]{8}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
