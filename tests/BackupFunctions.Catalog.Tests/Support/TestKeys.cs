using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>Keys as 'pgdr keys new' makes them; made once, because RSA keys take their time.</summary>
public sealed class TestKeys : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestKeys()
    {
        KeyFiles.Create(_folder["own"], rsaBits: 3072);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Own = SigningKey.FromPem(File.ReadAllText(PathOf(KeyFiles.SigningPrivate)));
        Foreign = SigningKey.FromPem(foreign.ExportPkcs8PrivateKeyPem());
        Pinned = VerificationKeyRing.FromPems(File.ReadAllText(PathOf(KeyFiles.SigningPublic)));
    }

    /// <summary>Its public half is pinned.</summary>
    public SigningKey Own { get; }

    /// <summary>Its public half is not.</summary>
    public SigningKey Foreign { get; }

    public VerificationKeyRing Pinned { get; }

    public string PathOf(string name) => Path.Combine(_folder["own"], name);

    public void Dispose()
    {
        Own.Dispose();
        Foreign.Dispose();
        _folder.Dispose();
    }
}
