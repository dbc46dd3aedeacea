namespace BackupFunctions.Postgres.Dump;

/// <summary>For toc.dat and the lists of large objects.</summary>
internal sealed class NoFileDigest : IFileDigest
{
    public static readonly NoFileDigest Instance = new();

    public void Append(ReadOnlySpan<byte> bytes)
    {
    }

    public void Complete()
    {
    }

    public void Dispose()
    {
    }
}
