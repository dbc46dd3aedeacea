namespace BackupFunctions.Postgres.Dump;

/// <summary>Takes the bytes of one dump file in order.</summary>
internal interface IFileDigest : IDisposable
{
    void Append(ReadOnlySpan<byte> bytes);

    void Complete();
}
