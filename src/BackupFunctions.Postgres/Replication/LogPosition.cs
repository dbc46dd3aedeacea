using NpgsqlTypes;

namespace BackupFunctions.Postgres.Replication;

/// <summary>Text of positions, as pg_lsn prints it.</summary>
internal static class LogPosition
{
    public static bool TryParse(string text, out ulong position)
    {
        var parsed = NpgsqlLogSequenceNumber.TryParse(text, out var lsn);
        position = (ulong)lsn;
        return parsed;
    }

    public static string Format(ulong position) => new NpgsqlLogSequenceNumber(position).ToString();
}
