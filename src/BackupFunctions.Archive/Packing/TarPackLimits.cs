namespace BackupFunctions.Archive.Packing;

/// <summary>More than these is refused before it reaches the disk.</summary>
/// <param name="MaxEntries">Files.</param>
/// <param name="MaxBytes">Of all files together.</param>
public sealed record TarPackLimits(int MaxEntries, long MaxBytes)
{
    public static TarPackLimits Default { get; } = new(100_000, 16L * 1024 * 1024 * 1024);
}
