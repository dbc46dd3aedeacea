namespace BackupFunctions.Archive.Tests.Support;

internal static class Bytes
{
    /// <summary>The same incompressible bytes for the same seed.</summary>
    public static byte[] Random(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>COPY lines such as pg_dump writes: compress about 3:1.</summary>
    public static byte[] CopyText(int count, int seed = 1)
    {
        var random = new Random(seed);
        using var stream = new MemoryStream(count + 200);
        using var writer = new StreamWriter(stream);
        for (var row = 1; stream.Length < count; row++)
        {
            writer.Write($"{row}\t{random.Next(1, 70)}\t{random.Next(-99999, 99999)}\tcustomer {random.NextInt64():x}\t2026-11-{random.Next(1, 30):D2}\n");
            if (row % 64 == 0)
            {
                writer.Flush();
            }
        }

        writer.Flush();
        return stream.ToArray()[..count];
    }

    /// <summary>Shouldly compares arrays element by element, which takes seconds for megabytes.</summary>
    public static void ShouldEqual(this byte[] actual, byte[] expected) => actual.AsSpan().SequenceEqual(expected).ShouldBeTrue();

    public static byte[] Flipped(byte[] bytes, int position)
    {
        var copy = bytes.ToArray();
        copy[position] ^= 0x01;
        return copy;
    }
}
