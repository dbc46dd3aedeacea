using System.Buffers;
using System.Globalization;
using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>
/// Name of an inventory below its timeline's folder, without its ending: inventory-epoch-sequence-end. It lets a reader choose which to
/// read; nothing in it counts before the document said the same.
/// </summary>
/// <param name="Epoch">The epoch's id.</param>
/// <param name="Sequence">From 1.</param>
/// <param name="End">The position up to which the log was archived then, bytes.</param>
public sealed record WalInventoryName(string Epoch, int Sequence, ulong End)
{
    public const string Prefix = "inventory-";

    private const string DocumentEnding = ".json";
    private const int EpochLength = 28;
    private const int SequenceLength = 8;
    private const int EndLength = 16;
    private const int Length = EpochLength + SequenceLength + EndLength + 2;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> UpperHex = SearchValues.Create("0123456789ABCDEF");

    /// <param name="name">With the ending .json.</param>
    /// <param name="parsed">Null: it is none, for example its signature.</param>
    public static bool TryParse(ReadOnlySpan<char> name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WalInventoryName? parsed)
    {
        parsed = null;
        if (name.Length != Prefix.Length + Length + DocumentEnding.Length
            || !name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(DocumentEnding, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name.Slice(Prefix.Length, Length);
        var sequence = parts.Slice(EpochLength + 1, SequenceLength);
        var end = parts[^EndLength..];
        if (parts[EpochLength] != '-' || parts[EpochLength + 1 + SequenceLength] != '-'
            || sequence.ContainsAnyExcept(Digits) || end.ContainsAnyExcept(UpperHex)
            || parts[..EpochLength].ToString() is var epoch && !BackupIds.IsValid(epoch))
        {
            return false;
        }

        var number = int.Parse(sequence, NumberStyles.None, CultureInfo.InvariantCulture);
        parsed = number < 1 ? null : new WalInventoryName(epoch, number, ulong.Parse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return parsed is not null;
    }

    /// <summary>Of the epoch's inventories, in the order of their sequence.</summary>
    public static string PrefixOf(string epoch) => $"{Prefix}{epoch}-";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Epoch}-{Sequence:D8}-{End:X16}");
}
