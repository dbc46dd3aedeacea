using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>
/// Name of an object of archived write-ahead log below its timeline's folder. It tells what PostgreSQL calls it, which epoch's key opens
/// it and what it is, so that nothing is ever overwritten: the same segment received again has another name.
/// </summary>
/// <remarks>
/// segment-epoch-hash; segment.partial-LSN-epoch-hash; timeline.history-epoch-hash; segment.offset.backup-epoch-hash. Ordinal order is the order of positions.
/// </remarks>
public sealed record WalObjectName
{
    /// <summary>Digits of the ciphertext's SHA-256 that the name has.</summary>
    private const int HashLength = 32;
    private const int EpochLength = 28;
    private const int TailLength = EpochLength + HashLength + 2;
    private const int SegmentLength = 24;
    private const int HistoryLength = 16;
    private const int BackupHistoryLength = 40;
    private const int PositionLength = 16;
    private const string PartialMark = ".partial-";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> UpperHex = SearchValues.Create("0123456789ABCDEF");

    private WalObjectName(WalForm form, string file, ulong? end, string epoch, string hash) =>
        (Form, File, End, Epoch, Hash) = (form, file, end, epoch, hash);

    public WalForm Form { get; }

    /// <summary>A file of text beside the segments, which has no position.</summary>
    public bool IsHistory => Form is WalForm.History or WalForm.BackupHistory;

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

    /// <param name="file">PostgreSQL's name of a .backup file.</param>
    /// <param name="epoch">The epoch's id.</param>
    /// <param name="sha256">Of the ciphertext, hex.</param>
    public static WalObjectName BackupHistory(string file, string epoch, string sha256) => new(
        WalForm.BackupHistory, WalSegmentName.IsBackupHistory(file) ? file : throw new ArgumentException("Not the name of a backup history file.", nameof(file)), null, RequireEpoch(epoch), Shorten(sha256));

    /// <returns>False: not such a name, for example an inventory's.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, [NotNullWhen(true)] out WalObjectName? parsed)
    {
        // By hand, and not by a pattern: hundreds of thousands of names are read at a time.
        parsed = null;
        var file = name.Length > TailLength ? name[..^TailLength] : default;
        var (form, end) = FormOf(ref file);
        if (form is null || name[^TailLength] != '-' || name[^(HashLength + 1)] != '-' || name[^HashLength..].ContainsAnyExcept(LowerHex))
        {
            return false;
        }

        var (fileName, epoch) = (file.ToString(), name.Slice(name.Length - TailLength + 1, EpochLength).ToString());
        if (Fits(form.Value, fileName) && BackupIds.IsValid(epoch))
        {
            parsed = new WalObjectName(form.Value, fileName, end, epoch, name[^HashLength..].ToString());
        }

        return parsed is not null;
    }

    /// <summary>The name as stored.</summary>
    public override string ToString() => $"{Subject}-{Hash}";

    private static bool Fits(WalForm form, string file) => form switch
    {
        WalForm.History => WalSegmentName.IsHistory(file),
        WalForm.BackupHistory => WalSegmentName.IsBackupHistory(file),
        _ => WalSegmentName.IsValid(file),
    };

    private static string RequireSegment(string name) => WalSegmentName.IsValid(name) ? name : throw new ArgumentException("Not the name of a segment.", nameof(name));

    private static string RequireEpoch(string id) => BackupIds.IsValid(id) ? id : throw new ArgumentException("Not the id of an epoch.", nameof(id));

    private static string Shorten(string sha256) => Sha256Hex.IsValid(sha256) ? sha256[..HashLength] : throw new ArgumentException("Not a SHA-256.", nameof(sha256));

    /// <param name="file">What stands before the epoch; left is PostgreSQL's name.</param>
    private static (WalForm? Form, ulong? End) FormOf(ref ReadOnlySpan<char> file)
    {
        if (file.Length == SegmentLength + PartialMark.Length + PositionLength && file[SegmentLength..].StartsWith(PartialMark, StringComparison.Ordinal))
        {
            var digits = file[^PositionLength..];
            file = file[..SegmentLength];
            return digits.ContainsAnyExcept(UpperHex) ? (null, null) : (WalForm.Partial, ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        return file.Length switch
        {
            SegmentLength => (WalForm.Segment, null),
            HistoryLength => (WalForm.History, null),
            BackupHistoryLength => (WalForm.BackupHistory, null),
            _ => (null, null),
        };
    }
}
