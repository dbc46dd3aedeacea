using BackupFunctions.Archive.Keys;

namespace BackupFunctions.TestSupport;

/// <summary>
/// The files of 'pgdr keys new' in a folder of their own, with shorter keys, and the same for all tests of a process: making RSA keys takes
/// seconds.
/// </summary>
public sealed class BackupKeys : IDisposable
{
    private const int ShortestBits = 3072;

    private static readonly Lazy<IReadOnlyList<(string Name, byte[] Content, UnixFileMode Mode)>> Common = new(Make);

    private readonly TemporaryFolder _folder = new();

    public BackupKeys()
        : this(Common.Value)
    {
    }

    private BackupKeys(IReadOnlyList<(string Name, byte[] Content, UnixFileMode Mode)> files)
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var (name, content, mode) in files)
        {
            File.WriteAllBytes(this[name], content);
            File.SetUnixFileMode(this[name], mode);
        }
    }

    public string Folder => _folder["keys"];

    /// <param name="name">A name of <see cref="KeyFiles"/>.</param>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Of somebody else.</summary>
    public static BackupKeys OfAStranger() => new(Make());

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<(string Name, byte[] Content, UnixFileMode Mode)> Make()
    {
        using var folder = new TemporaryFolder();
        KeyFiles.Create(folder["made"], rsaBits: ShortestBits);
        return [.. Directory.EnumerateFiles(folder["made"]).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file), File.GetUnixFileMode(file)))];
    }
}
