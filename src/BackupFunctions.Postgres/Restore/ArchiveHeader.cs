using System.Globalization;
using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Restore;

/// <summary>The head of a directory archive's toc.dat (ReadHead of pg_backup_archiver.c): who made it, read without any tool.</summary>
/// <param name="Format">Archive version, for example 1.14.</param>
/// <param name="DumpVersion">Of the pg_dump that made it, for example 15.20 (Debian 15.20-0+deb12u1).</param>
/// <param name="ServerVersion">Of the server it was taken from.</param>
public sealed record ArchiveHeader(Version Format, string DumpVersion, string ServerVersion)
{
    private const int DateFields = 7;
    private static readonly Version CompressionIsOneByte = new(1, 15);

    /// <summary>The major version that pg_restore must have at least.</summary>
    public int DumpMajor => int.Parse(
        string.Concat(DumpVersion.TakeWhile(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <exception cref="PgdrException">object.damaged when the file is not such an archive.</exception>
    public static ArchiveHeader Read(string folder)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, "toc.dat"));
            return Read(new BinaryReader(stream, Encoding.UTF8));
        }
        catch (Exception exception) when (exception is IOException or FormatException or OverflowException)
        {
            throw new PgdrException(
                ErrorCodes.ObjectDamaged, "The dump folder holds no readable toc.dat; fetch the backup again or choose another one.", exception);
        }
    }

    private static ArchiveHeader Read(BinaryReader reader)
    {
        if (!reader.ReadBytes(5).AsSpan().SequenceEqual("PGDMP"u8))
        {
            throw new FormatException("no PGDMP");
        }

        var format = new Version(reader.ReadByte(), reader.ReadByte());
        _ = reader.ReadByte();
        int intSize = reader.ReadByte();
        _ = reader.ReadByte(); // size of offsets
        _ = reader.ReadByte(); // kind of archive
        if (format >= CompressionIsOneByte)
        {
            _ = reader.ReadByte();
        }
        else
        {
            ReadInt(reader, intSize);
        }

        for (var i = 0; i < DateFields; i++)
        {
            ReadInt(reader, intSize);
        }

        _ = ReadText(reader, intSize); // database
        var server = ReadText(reader, intSize);
        return new ArchiveHeader(format, ReadText(reader, intSize), server);
    }

    private static int ReadInt(BinaryReader reader, int size)
    {
        var negative = reader.ReadByte() != 0;
        long value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= (long)reader.ReadByte() << (8 * i);
        }

        return checked((int)(negative ? -value : value));
    }

    private static string ReadText(BinaryReader reader, int intSize)
    {
        var length = ReadInt(reader, intSize);
        return length is >= 0 and < 1024
            ? Encoding.UTF8.GetString(reader.ReadBytes(length))
            : throw new FormatException("text of an impossible length");
    }
}
