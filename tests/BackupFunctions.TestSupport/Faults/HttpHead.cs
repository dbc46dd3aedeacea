using System.Globalization;
using System.Text;

namespace BackupFunctions.TestSupport.Faults;

/// <summary>Reads the head of an HTTP/1.1 message, and what came with it of the body.</summary>
internal sealed class HttpHead
{
    private const int Largest = 64 * 1024;

    private static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _block = new byte[Largest];
    private int _count;
    private int _size;

    /// <summary>With the empty line.</summary>
    public byte[] Bytes => _block[.._size];

    /// <summary>Bytes behind the head that have been read already.</summary>
    public ReadOnlyMemory<byte> Rest => _block.AsMemory(_size, _count - _size);

    /// <summary>Of an answer.</summary>
    public int Status => int.Parse(Text.Split(' ', 3)[1], CultureInfo.InvariantCulture);

    public long ContentLength => Text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
        ? long.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture)
        : long.MaxValue;

    private string Text => Encoding.Latin1.GetString(_block, 0, _size);

    /// <summary>False: the connection ended before the head did.</summary>
    public async Task<bool> ReadAsync(Stream from, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _block.AsSpan(0, _count).IndexOf(End);
            if (end >= 0)
            {
                _size = end + End.Length;
                return true;
            }

            var read = _count == Largest ? 0 : await from.ReadAsync(_block.AsMemory(_count), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _count += read;
        }
    }

    /// <summary>For the message that follows this one, which may have arrived with it.</summary>
    public HttpHead Next()
    {
        var next = new HttpHead { _count = Rest.Length };
        Rest.Span.CopyTo(next._block);
        return next;
    }
}
