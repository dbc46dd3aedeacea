namespace BackupFunctions.Storage.Tests;

/// <summary>Reproducible content, and short ways to put it into a target and get it out.</summary>
internal static class Bytes
{
    public static byte[] Random(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static async Task PutAsync(this IStorageTarget target, string key, byte[] content, int portion = 1_000_003)
    {
        await using var writer = await target.CreateAsync(key, CancellationToken.None);
        for (var at = 0; at < content.Length; at += portion)
        {
            await writer.WriteAsync(content.AsMemory(at, Math.Min(portion, content.Length - at)), CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);
    }

    public static async Task<byte[]> GetAsync(this IStorageTarget target, string key, long offset = 0)
    {
        await using var stream = await target.OpenReadAsync(key, offset, CancellationToken.None);
        return await stream.AllAsync();
    }

    public static async Task<byte[]> AllAsync(this Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static async Task<List<T>> AllAsync<T>(this IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
        {
            all.Add(item);
        }

        return all;
    }

    /// <summary>Equality without printing megabytes when it does not hold.</summary>
    public static void ShouldEqual(this byte[] actual, ReadOnlySpan<byte> expected)
    {
        actual.Length.ShouldBe(expected.Length);
        actual.AsSpan().SequenceEqual(expected).ShouldBeTrue("the bytes differ");
    }
}
