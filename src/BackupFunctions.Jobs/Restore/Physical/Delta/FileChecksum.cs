using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BackupFunctions.Jobs.Restore.Physical.Delta;

/// <summary>CRC-32C as backup_manifest has it: the checksum's four bytes from the lowest on, in hexadecimal (checksum_helper.c).</summary>
internal static class FileChecksum
{
    private const int BlockSize = 256 * 1024;

    public static async Task<string> Crc32CAsync(string path, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var crc = uint.MaxValue;
            await using var file = new FileStream(
                path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0, Options = FileOptions.SequentialScan });
            int read;
            while ((read = await file.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                crc = Add(crc, block.AsSpan(0, read));
            }

            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, ~crc);
            return Convert.ToHexStringLower(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.Length / sizeof(ulong) * sizeof(ulong);
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes[..whole]))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        }

        foreach (var one in bytes[whole..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
