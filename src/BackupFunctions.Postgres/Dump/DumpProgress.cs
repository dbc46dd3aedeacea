namespace BackupFunctions.Postgres.Dump;

/// <param name="BytesDone">Bytes handed to sinks.</param>
/// <param name="FilesDone">Files completed.</param>
public sealed record DumpProgress(long BytesDone, int FilesDone);
