using BackupFunctions.Archive.Keys;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Support;

/// <summary>One set of key files for all tests that only look at them: RSA keys take their time.</summary>
public sealed class GeneratedKeys : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GeneratedKeys() => Files = KeyFiles.Create(Folder, rsaBits: 3072);

    /// <summary>Did not exist before.</summary>
    public string Folder => _folder["keys"];

    public IReadOnlyList<string> Files { get; }

    public void Dispose() => _folder.Dispose();
}
