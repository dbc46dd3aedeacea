using System.Security.Cryptography;

namespace BackupFunctions.Archive.Keys;

/// <summary>One block of PEM text (RFC 7468). The text may hold a key: never put it into a message.</summary>
/// <param name="Label">For example PUBLIC KEY.</param>
/// <param name="Text">The block with its BEGIN and END lines.</param>
internal readonly record struct PemBlock(string Label, string Text)
{
    public const string PublicKey = "PUBLIC KEY";
    public const string RsaPublicKey = "RSA PUBLIC KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";

    private const int LongestText = 256 * 1024;

    public bool IsPrivate => Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    public static IReadOnlyList<PemBlock> All(string text)
    {
        var blocks = new List<PemBlock>();
        ReadOnlySpan<char> rest = text.Length <= LongestText ? text : [];
        while (PemEncoding.TryFind(rest, out var fields))
        {
            blocks.Add(new PemBlock(rest[fields.Label].ToString(), rest[fields.Location].ToString()));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    /// <summary>The text of a member of this type must not leak through a record's own text.</summary>
    public override string ToString() => Label;
}
