using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>
/// Name of an object of archived write-ahead log below its timeline's folder. It tells what PostgreSQL calls it, which epoch's key opens
/// it and what it is, so that nothing is ever overwritten: the same segment received again has another name.
/// </summary>
/// <remarks>
/// segment-epoch-hash; segment.partial-LSN-epoch-hash; timeline.history-epoch-hash. Ordinal order is the order of positions.
/// </remarks>
public sealed partial record WalObjectName
{
    /// <summary>Digits of the ciphertext's SHA-256 that the name has.</summary>
    private const int HashLength = 32;

    private WalObjectName(WalForm form, string file, ulong? end, string epoch, string hash) =>
        (Form, File, End, Epoch, Hash) = (form, file, end, epoch, hash);

    public WalForm Form { get; }

    /// <summary>As PostgreSQL calls it: a segment's or a history file's name.</summary>
    public string File { get; }

    /// <summary>From 1.</summary>
    public int Timeline => WalSegmentName.TimelineOf(File);

    /// <summary>Behind the last byte that a partial segment has; null for the other forms.</summary>
    public ulong? End { get; }

    /// <summary>The id of the epoch whose data key it is encrypted with.</summary>
    public string Epoch { get; }

    /// <summary>The first 32 digits of the SHA-256 (hex) of the ciphertext.</summary>
    public string Hash { get; }

    /// <summary>What its associated data names: the object's name without the hash, which is known only afterwards.</summary>
    public string Subject => Form == WalForm.Partial
        ? string.Create(CultureInfo.InvariantCulture, $"{File}.partial-{End:X16}-{Epoch}")
        : $"{File}-{Epoch}";

    public static WalObjectName Segment(string segment, string epoch, string sha256) => new(WalForm.Segment, RequireSegment(segment), null, RequireEpoch(epoch), Shorten(sha256));

    /// <param name="segment">The segment's name.</param>
    /// <param name="end">Behind its last byte.</param>
    /// <param name="epoch">The epoch's id.</param>
    /// <param name="sha256">Of the ciphertext, hex.</param>
    public static WalObjectName Partial(string segment, ulong end, string epoch, string sha256) =>
        new(WalForm.Partial, RequireSegment(segment), end, RequireEpoch(epoch), Shorten(sha256));

    public static WalObjectName History(int timeline, string epoch, string sha256) =>
        new(WalForm.History, WalSegmentName.HistoryOf(timeline), null, RequireEpoch(epoch), Shorten(sha256));

    /// <returns>False: not such a name, for example an inventory's.</returns>
    public static bool TryParse(string name, [NotNullWhen(true)] out WalObjectName? parsed)
    {
        parsed = null;
        if (Shape().Match(name) is not { Success: true } match || !BackupIds.IsValid(match.Groups["epoch"].Value))
        {
            return false;
        }

        var file = match.Groups["file"].Value;
        ulong? end = match.Groups["end"] is { Success: true } digits ? ulong.Parse(digits.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;
        var form = end is not null ? WalForm.Partial : WalSegmentName.IsHistory(file) ? WalForm.History : WalForm.Segment;
        if (WalSegmentName.IsHistory(file) || WalSegmentName.IsValid(file))
        {
            parsed = new WalObjectName(form, file, end, match.Groups["epoch"].Value, match.Groups["hash"].Value);
        }

        return parsed is not null;
    }

    /// <summary>The name as stored.</summary>
    public override string ToString() => $"{Subject}-{Hash}";

    private static string RequireSegment(string name) => WalSegmentName.IsValid(name) ? name : throw new ArgumentException("Not the name of a segment.", nameof(name));

    private static string RequireEpoch(string id) => BackupIds.IsValid(id) ? id : throw new ArgumentException("Not the id of an epoch.", nameof(id));

    private static string Shorten(string sha256) => Sha256Hex.IsValid(sha256) ? sha256[..HashLength] : throw new ArgumentException("Not a SHA-256.", nameof(sha256));

    [GeneratedRegex(
        @"\A((?<file>[0-9A-F]{24})(\.partial-(?<end>[0-9A-F]{16}))?|(?<file>[0-9A-F]{8}\.history))-(?<epoch>[0-9]{8}T[0-9]{9}Z-[0-9a-f]{8})-(?<hash>[0-9a-f]{32})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
