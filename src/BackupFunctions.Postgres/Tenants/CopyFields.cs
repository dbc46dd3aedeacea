using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Single fields of rows in COPY text format while they pass, as they are written: a tab ends a field and a newline a row, and in data both
/// are escaped (COPY, file formats, text format). Bytes may be cut anywhere.
/// </summary>
internal sealed class CopyFields
{
    /// <summary>Bytes; ids and numbers are far shorter.</summary>
    private const int LongestField = 64 * 1024;

    private readonly Action<int, ReadOnlySpan<byte>> _take;
    private readonly bool[] _wanted;
    private readonly int _last;
    private byte[] _held = new byte[256];
    private int _heldBytes;
    private int _field;

    /// <param name="fields">Numbers of the fields that are wanted, from 0.</param>
    /// <param name="take">Gets the number of a field and its bytes.</param>
    public CopyFields(IReadOnlyCollection<int> fields, Action<int, ReadOnlySpan<byte>> take)
    {
        _take = take;
        _last = fields.Count == 0 ? -1 : fields.Max();
        _wanted = new bool[_last + 1];
        foreach (var field in fields)
        {
            _wanted[field] = true;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (_last >= 0 && !bytes.IsEmpty)
        {
            var end = _field > _last ? bytes.IndexOf((byte)'\n') : bytes.IndexOfAny((byte)'\t', (byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            var wanted = _field <= _last && _wanted[_field];
            if (end < 0)
            {
                if (wanted)
                {
                    Hold(piece);
                }

                return;
            }

            if (wanted)
            {
                Finish(piece);
            }

            _field = bytes[end] == '\n' ? 0 : _field + 1;
            bytes = bytes[(end + 1)..];
        }
    }

    private void Finish(ReadOnlySpan<byte> piece)
    {
        if (_heldBytes == 0)
        {
            _take(_field, piece);
            return;
        }

        Hold(piece);
        _take(_field, _held.AsSpan(0, _heldBytes));
        _heldBytes = 0;
    }

    private void Hold(ReadOnlySpan<byte> piece)
    {
        if (_heldBytes + piece.Length > LongestField)
        {
            throw new PgdrException(ErrorCodes.TenantTables, "A tenant column has a value of more than 64 KiB, which cannot be checked: name the right column.");
        }

        if (_heldBytes + piece.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldBytes + piece.Length));
        }

        piece.CopyTo(_held.AsSpan(_heldBytes));
        _heldBytes += piece.Length;
    }
}
