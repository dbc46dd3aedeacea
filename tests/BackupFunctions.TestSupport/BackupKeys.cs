using BackupFunctions.Archive.Keys;

namespace BackupFunctions.TestSupport;

/// <summary>The files of 'pgdr keys new' in a folder of their own, with shorter keys: making RSA keys takes seconds.</summary>
public sealed class BackupKeys : IDisposable
{
    private const int ShortestBits = 3072;

    private readonly TemporaryFolder _folder = new();

    public BackupKeys() => KeyFiles.Create(Folder, rsaBits: ShortestBits);

    public string Folder => _folder["keys"];

    /// <param name="name">A name of <see cref="KeyFiles"/>.</param>
    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose() => _folder.Dispose();
}
