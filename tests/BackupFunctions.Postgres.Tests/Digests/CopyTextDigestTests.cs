using System.Text;
using BackupFunctions.Postgres.Digests;

namespace BackupFunctions.Postgres.Tests.Digests;

public sealed class CopyTextDigestTests
{
    [Fact]
    public void Digest_OfAnEmptyLine_IsThePublishedHashOfNothing() =>
        // XXH3_128bits of no input, seed 0.
        Digest("\n", int.MaxValue).ShouldBe((1, "99aa06d3014798d86001c324468d497f"));

    [Fact]
    public void Digest_OfNothing_IsZero() => Digest("", int.MaxValue).ShouldBe((0, new string('0', 32)));

    [Fact]
    public void Digest_OfRowsInAnotherOrder_IsTheSame() => Digest("a\nb\nc\n", 4).ShouldBe(Digest("c\na\nb\n", 3));

    [Theory]
    [InlineData("a\nb\n", "a\nc\n")]
    [InlineData("a\nb\n", "a\n")]
    [InlineData("a\na\nb\n", "a\nb\nb\n")]
    [InlineData("a\nb\n", "ab\n")]
    [InlineData("a\n\n", "a\n")]
    public void Digest_OfOtherRows_IsAnother(string first, string second) => Digest(first, 2).ShouldNotBe(Digest(second, 2));

    [Fact]
    public void Digest_StopsAtTheEndMarker_WhateverFollows() => Digest("a\n\\.\n\n\n", 1).ShouldBe(Digest("a\n", 9));

    [Fact]
    public void Digest_OfLinesThatLookLikeTheMarker_CountsThem() => Digest("\\.x\n\\\\.\n.\\\n", 2).Rows.ShouldBe(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(1000003)]
    public void Digest_WithBytesCutAnywhere_IsTheSame(int chunk)
    {
        var random = new Random(17);
        var text = new StringBuilder();
        foreach (var length in new[] { 0, 1, 2, 3, 65535, 65536, 65537, 300000, 0, 5, 131072 })
        {
            text.Append(string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(' ', '~')))).Append('\n');
        }

        text.Append("\\.\n\n\n");

        Digest(text.ToString(), chunk).ShouldBe(Digest(text.ToString(), int.MaxValue));
    }

    [Fact]
    public void Digest_OfAnEndMarkerCutInTwo_HasEnded()
    {
        using var digest = new CopyTextDigest();
        digest.Append("a\n\\"u8);
        digest.HasEnded.ShouldBeFalse();
        digest.Append(".\nrest"u8);

        digest.HasEnded.ShouldBeTrue();
        digest.Rows.ShouldBe(1);
    }

    [Fact]
    public void Digest_OfALineOfManyMegabytes_KeepsMemorySmall()
    {
        using var digest = new CopyTextDigest();
        var piece = new byte[1024 * 1024];
        Array.Fill(piece, (byte)'x');
        digest.Append(piece);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 64; i++)
        {
            digest.Append(piece);
        }

        digest.Append("\n"u8);
        digest.Rows.ShouldBe(1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
    }

    private static (long Rows, string Hex) Digest(string text, int chunk)
    {
        using var digest = new CopyTextDigest();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(chunk, bytes.Length)];
            digest.Append(piece);
            bytes = bytes[piece.Length..];
        }

        return (digest.Rows, digest.Hex);
    }
}
