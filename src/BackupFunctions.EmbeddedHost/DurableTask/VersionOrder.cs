namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>Order of versions: none is older than any, numbers by System.Version, everything else as text without regard to case.</summary>
internal static class VersionOrder
{
    public static int Compare(string? left, string? right)
    {
        if (string.IsNullOrWhiteSpace(left) || string.IsNullOrWhiteSpace(right))
        {
            return string.IsNullOrWhiteSpace(right).CompareTo(string.IsNullOrWhiteSpace(left));
        }

        return System.Version.TryParse(left, out var a) && System.Version.TryParse(right, out var b)
            ? a.CompareTo(b)
            : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
    }
}
