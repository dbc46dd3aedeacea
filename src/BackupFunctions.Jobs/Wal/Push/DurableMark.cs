namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>That a file is durable on the required number of targets, as the state folder remembers it: two lines of text.</summary>
/// <param name="Stamp">Of the file when it was read.</param>
/// <param name="SystemIdentifier">Whose.</param>
/// <param name="Hash">XXH3-128 of its content, hex.</param>
internal sealed record DurableMark(string Stamp, string SystemIdentifier, string Hash)
{
    /// <returns>Null: it is no mark, for example one that a crash cut short; the file is then archived again.</returns>
    public static DurableMark? Parse(string text) =>
        text.Split('\n') is [{ Length: > 0 } stamp, var second, ""] && second.Split(' ') is [{ Length: > 0 } system, { Length: 32 } hash]
            ? new DurableMark(stamp, system, hash)
            : null;

    public override string ToString() => $"{Stamp}\n{SystemIdentifier} {Hash}\n";
}
