namespace BackupFunctions.Postgres.Replication;

/// <summary>A piece of the log as the server sent it.</summary>
/// <param name="Start">Position of its first byte.</param>
/// <param name="Bytes">Valid until the next piece is asked for.</param>
/// <param name="ServerEnd">Up to where the server had its log on disk when it sent this.</param>
public readonly record struct WalData(ulong Start, ReadOnlyMemory<byte> Bytes, ulong ServerEnd)
{
    public ulong End => Start + (ulong)Bytes.Length;
}
