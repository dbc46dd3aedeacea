using System.Text;

namespace BackupFunctions.Postgres.Tools;

/// <summary>Lines of a stream of any size in bounded memory: what exceeds the limit of a line is left out.</summary>
internal static class LineReader
{
    public static async Task ReadAsync(Stream stream, int limit, Action<string> take, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var line = new MemoryStream();
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == '\n')
                {
                    Add(line, buffer.AsSpan(start, i - start), limit);
                    take(Take(line));
                    start = i + 1;
                }
            }

            Add(line, buffer.AsSpan(start, read - start), limit);
        }

        if (line.Length > 0)
        {
            take(Take(line));
        }
    }

    private static void Add(MemoryStream line, ReadOnlySpan<byte> piece, int limit) =>
        line.Write(piece[..(int)Math.Min(piece.Length, limit - line.Length)]);

    private static string Take(MemoryStream line)
    {
        var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
        line.SetLength(0);
        return text;
    }
}
