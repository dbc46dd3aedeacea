using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;

namespace BackupFunctions.Postgres.Tests.Digests;

public sealed class LargeObjectHasherTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, (3 * LargeObjectHasher.BlockSize) + 5).Select(static i => (byte)(i / 1000))];

    [Theory]
    [InlineData(1000)]
    [InlineData(LargeObjectHasher.BlockSize)]
    [InlineData(LargeObjectHasher.BlockSize + 1)]
    public void Hash_WithBytesCutAnywhere_IsTheSame(int chunk) => Hash(1, Content, chunk).ShouldBe(Hash(1, Content, int.MaxValue));

    [Fact]
    public void Hash_OfTheSameBytesInAnotherObject_IsAnother() => Hash(1, Content, 9999).ShouldNotBe(Hash(2, Content, 9999));

    [Fact]
    public void Hash_OfBlocksInAnotherOrder_IsAnother()
    {
        byte[] turned = [.. Content.AsSpan(LargeObjectHasher.BlockSize, LargeObjectHasher.BlockSize), .. Content.AsSpan(0, LargeObjectHasher.BlockSize)];

        Hash(1, turned, 9999).ShouldNotBe(Hash(1, Content[..turned.Length], 9999));
    }

    [Fact]
    public void Totals_WithAnEmptyObject_DifferFromNone()
    {
        var totals = new LargeObjectTotals();
        using var empty = new LargeObjectHasher(7);
        empty.Complete();
        totals.Add(empty);

        totals.ToDigest().Count.ShouldBe(1);
        (totals.ToDigest() with { Count = 0 }).ShouldNotBe(new LargeObjectTotals().ToDigest());
        new LargeObjectTotals().ToDigest().ShouldBe(new LargeObjectDigest(0, 0, new string('0', 32)));
    }

    private static UInt128 Hash(uint oid, byte[] content, int chunk)
    {
        using var hasher = new LargeObjectHasher(oid);
        for (long at = 0; at < content.Length; at += chunk)
        {
            hasher.Append(content.AsSpan((int)at, (int)Math.Min(chunk, content.Length - at)));
        }

        hasher.Complete();
        return hasher.Sum;
    }
}
