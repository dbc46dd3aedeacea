namespace BackupFunctions.Postgres.Tenants;

/// <summary>A field of COPY text as its value's bytes (COPY, file formats, text format).</summary>
internal static class CopyText
{
    /// <summary>COPY TO writes no other escapes than these; \N alone is null.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> field)
    {
        var value = new byte[field.Length];
        var length = 0;
        for (var at = 0; at < field.Length; at++)
        {
            value[length++] = field[at] == '\\' && at + 1 < field.Length
                ? (char)field[++at] switch
                {
                    'b' => (byte)'\b',
                    'f' => (byte)'\f',
                    'n' => (byte)'\n',
                    'r' => (byte)'\r',
                    't' => (byte)'\t',
                    'v' => (byte)'\v',
                    _ => field[at],
                }
                : field[at];
        }

        return value[..length];
    }
}
