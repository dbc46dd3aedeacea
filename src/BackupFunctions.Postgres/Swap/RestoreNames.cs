using System.Text.RegularExpressions;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Names of scratch and kept databases: made of the restore's id alone, so that no name is ever cut to another one.</summary>
internal static partial class RestoreNames
{
    /// <exception cref="ArgumentException">The id would not fit into 63 bytes, or has other characters than it may have.</exception>
    public static string Scratch(string restoreId) => "pgdr_" + Checked(restoreId);

    public static string Kept(string restoreId) => "pgdr_kept_" + Checked(restoreId);

    private static string Checked(string restoreId) =>
        Valid().IsMatch(restoreId)
            ? restoreId
            : throw new ArgumentException("A restore id has 1 to 53 of the characters a-z, A-Z, 0-9, _ and -.");

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,53}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Valid();
}
