using System.Buffers;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// Takes the one line <c>SET transaction_timeout = 0;</c> out of the script that pg_restore of version 17 and later writes. The line stands
/// among the settings that the script begins with (_doSetFixedOutputState of pg_backup_archiver.c); the same words further down are
/// somebody's data and pass.
/// </summary>
internal sealed class SettingsFilter(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> next)
{
    /// <summary>Bytes within which the settings end; before them are only comments on versions.</summary>
    private const int Limit = 64 * 1024;

    private static readonly byte[] Refused = "\nSET transaction_timeout = 0;\n"u8.ToArray();

    private ArrayBufferWriter<byte>? _head = new();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_head is null)
        {
            return next(piece, cancellationToken);
        }

        _head.Write(piece.Span);
        var head = _head.WrittenMemory;
        var at = head.Span.IndexOf(Refused);
        if (at < 0)
        {
            return _head.WrittenCount <= Limit ? ValueTask.CompletedTask : throw Unexpected();
        }

        // Anything but comments, settings and psql's own \restrict before it: it is not the line that is meant.
        _head = null;
        return IsPreamble(head.Span[..at]) ? WriteBothAsync(head[..at], head[(at + Refused.Length - 1)..], cancellationToken) : throw Unexpected();
    }

    /// <exception cref="PgdrException">tool.failed: the settings never came, so what was written is not what was expected.</exception>
    public void Complete()
    {
        if (_head is not null)
        {
            throw Unexpected();
        }
    }

    private static bool IsPreamble(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (!line.IsEmpty && !line.StartsWith("--"u8) && !line.StartsWith("SET "u8) && !line.StartsWith("\\restrict "u8))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask WriteBothAsync(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, CancellationToken cancellationToken)
    {
        await next(before, cancellationToken);
        await next(after, cancellationToken);
    }

    private static PgdrException Unexpected() => new(
        ErrorCodes.ToolFailed,
        "pg_restore does not begin its script with the settings that are known of it; restore onto a server of version 17 or later.");
}
