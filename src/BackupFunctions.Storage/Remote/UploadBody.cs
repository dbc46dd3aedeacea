namespace BackupFunctions.Storage.Remote;

/// <summary>
/// The bytes of one part on their way out; every portion taken shows that the connection moves. The other ways to read a derived
/// memory stream all end in this one.
/// </summary>
internal sealed class UploadBody(byte[] buffer, int count, StallClock clock) : MemoryStream(buffer, 0, count, writable: false)
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        clock.Moved();
        return base.Read(buffer, offset, count);
    }
}
