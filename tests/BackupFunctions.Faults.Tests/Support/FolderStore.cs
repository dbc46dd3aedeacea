namespace BackupFunctions.Faults.Tests.Support;

internal sealed class FolderStore(string folder) : Store
{
    private const string Unfinished = ".uploading";

    public override Task<byte[]> GetAsync(string key) => File.ReadAllBytesAsync(PathOf(key));

    public override Task PutAsync(string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
        return File.WriteAllBytesAsync(PathOf(key), bytes);
    }

    public override Task DeleteAsync(string key)
    {
        File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ListAsync() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            .Select(file => Path.GetRelativePath(folder, file)).Where(key => !key.StartsWith(Unfinished, StringComparison.Ordinal)),
    ]);

    public override Task DestroyAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    private string PathOf(string key) => Path.Combine(folder, key);
}
